using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>
/// What each raw column adds to each row's log-odds, by XGBoost's exact tree SHAP values (Lundberg et al., Nature Machine Intelligence 2, 2020), of
/// a linear model weight times what a feature is above that of the usual row, of the mean of both their sum. The features that one column was encoded to are added up, which keeps the sum over columns equal to the row's log-odds.
/// </summary>
public sealed class ModelContributions
{
    private const int BatchRows = 256;

    // A thread loads the learner for itself, which takes as long as to explain some dozen rows.
    private const int LeastShare = 64;

    private readonly float[] values;
    private readonly float[] words;
    private readonly int[] firstWords;

    private ModelContributions(float[] values, float[] words, int[] firstWords, int width, double expectedMargin, double additivityError)
    {
        this.values = values;
        this.words = words;
        this.firstWords = firstWords;
        Width = width;
        ExpectedMargin = expectedMargin;
        AdditivityError = additivityError;
    }

    /// <summary>How many margins a row has: one for each of several classes, else 1.</summary>
    public int Width { get; }

    /// <summary>The margin that every row starts from; of several classes that of the first.</summary>
    public double ExpectedMargin { get; }

    /// <summary>The greatest difference of a row's margin and what it starts from plus its contributions.</summary>
    public double AdditivityError { get; }

    /// <summary>What a column of the signature adds to a row's log-odds, or value; of several classes to the margin of the first.</summary>
    public float this[int row, int column] => this[row, column, 0];

    /// <summary>What a column of the signature adds to a row's margin of a class.</summary>
    public float this[int row, int column, int place] => values[(((row * Width) + place) * Columns) + column];

    /// <summary>What a word of a text column adds to a row's margin of a class, which may be so because the text lacks it.</summary>
    public float OfWord(int row, int column, int word, int place) => words[(((row * Width) + place) * firstWords[^1]) + firstWords[column] + word];

    private int Columns => firstWords.Length - 1;

    /// <summary>The columns that a learner looks at: those of which a tree splits a feature, or a feature has a weight; and how many trees it has.</summary>
    /// <param name="files">The learner.</param>
    /// <param name="signature">The columns it was fitted on.</param>
    public static (IReadOnlySet<string> Columns, int Trees) SplitsOf(LearnerFiles files, ModelSignature signature)
    {
        using var learner = Learner.Load(files, signature);
        var encoding = LearnerEncoding.Of(signature);
        var columns = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (kind, booster) in learner.Parts())
        {
            var columnOf = encoding.ColumnOfFeatures(kind);
            var features = kind == LearnerKind.Trees
                ? booster.SplitFeatures()
                : LinearModel.Parse(booster.Save()).Weights.Index().Where(w => w.Item != 0).Select(w => w.Index / signature.Width);
            columns.UnionWith(features.Distinct().Select(f => signature.Columns[columnOf[f]].Name));
        }

        return (columns, (learner.Trees?.Rounds() ?? 0) * signature.Width);
    }

    /// <param name="files">The learner.</param>
    /// <param name="signature">The columns it was fitted on.</param>
    /// <param name="rows">At least one row. They are explained side by side, on as many threads as there are processors.</param>
    /// <param name="cancellationToken">Checked before every batch of rows.</param>
    public static ModelContributions Of(LearnerFiles files, ModelSignature signature, FeatureTable rows, CancellationToken cancellationToken)
    {
        var encoding = LearnerEncoding.Of(signature);
        var features = encoding.Encode(rows);
        var (columns, width) = (signature.Columns.Count, signature.Width);
        var values = new float[rows.RowCount * width * columns];

        // Words are the last features of either part, column by column.
        int[] firstWords = [0, .. signature.Columns.Select(c => c.Words?.Words.Count ?? 0)];
        for (var column = 1; column <= columns; column++) firstWords[column] += firstWords[column - 1];
        var words = new float[rows.RowCount * width * firstWords[^1]];
        var shares = Math.Clamp(rows.RowCount / LeastShare, 1, Environment.ProcessorCount);
        var found = new (double Expected, double Error)[shares];
        SideBySide.For(shares, cancellationToken, share =>
        {
            using var learner = Learner.Load(files, signature);
            var usual = signature.LinearReference is { } reference && learner.Linear is { } linear ? ContributionsOf(reference, LinearModel.Parse(linear.Save())) : null;
            var (start, end) = ((int)((long)rows.RowCount * share / shares), (int)((long)rows.RowCount * (share + 1) / shares));
            for (var from = start; from < end; from += BatchRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int[] taken = [.. Enumerable.Range(from, Math.Min(BatchRows, end - from))];
                var batch = features.Take(taken);
                var (expected, error) = (0.0, 0.0);
                foreach (var (kind, booster) in learner.Parts())
                {
                    using var part = DMatrix.Of(encoding.For(kind, batch), kind);
                    var contributions = booster.Contributions(part);
                    if (kind == LearnerKind.Linear && usual is not null) HoldAgainst(contributions, usual);
                    var columnOf = encoding.ColumnOfFeatures(kind);
                    var added = AddUp(contributions, booster.Margins(part), values.AsSpan(from * width * columns), columnOf, columns, width);
                    AddWords(contributions, words.AsSpan(from * width * firstWords[^1]), columnOf.Count, firstWords[^1]);
                    (expected, error) = (expected + added.Expected, error + added.Error);
                }

                found[share] = (expected, Math.Max(found[share].Error, error));
            }
        });
        return new ModelContributions(values, words, firstWords, width, found[0].Expected, found.Max(f => f.Error));
    }

    /// <summary>What the features of a row add to each margin, margin by margin, and after each margin's the opposite of their sum.</summary>
    private static float[] ContributionsOf(IReadOnlyList<float> row, LinearModel model) =>
    [
        .. Enumerable.Range(0, model.Width).SelectMany(margin =>
        {
            float[] each = [.. row.Select((value, feature) => value * model.Weights[(feature * model.Width) + margin])];
            return each.Append(-each.Sum());
        }),
    ];

    /// <summary>
    /// Holds a linear model's contributions against the usual row: else a category would be held against having none at all, and of a skewed number what is above the
    /// usual could speak as if it were below. The sum over a row, with what every row starts from, stays as it is.
    /// </summary>
    private static void HoldAgainst(float[] contributions, float[] usual)
    {
        for (var place = 0; place < contributions.Length; place++) contributions[place] -= usual[place % usual.Length];
    }

    /// <summary>Keeps the contributions of a batch's words, which are the last of its features.</summary>
    private static void AddWords(float[] contributions, Span<float> words, int features, int count)
    {
        if (count == 0) return;
        for (var place = 0; place * (features + 1) < contributions.Length; place++)
        {
            var last = contributions.AsSpan((place * (features + 1)) + features - count, count);
            for (var word = 0; word < count; word++) words[(place * count) + word] += last[word];
        }
    }

    /// <summary>Adds the contributions of a batch's features to their columns; returns what the first margin starts from, and the greatest difference to a margin.</summary>
    private static (double Expected, double Error) AddUp(
        float[] contributions, float[] margins, Span<float> values, IReadOnlyList<int> columnOf, int columns, int width)
    {
        var (expected, error, features) = (0.0, 0.0, columnOf.Count + 1);
        for (var place = 0; place < margins.Length; place++)
        {
            var sum = 0.0;
            for (var feature = 0; feature < features; feature++)
            {
                var value = contributions[(place * features) + feature];
                sum += value;
                if (feature < columnOf.Count) values[(place * columns) + columnOf[feature]] += value;
                else if (place % width == 0) expected = value;
            }

            error = Math.Max(error, Math.Abs(sum - margins[place]));
        }

        return (expected, error);
    }
}
