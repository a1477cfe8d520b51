using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>
/// What each raw column adds to each row's log-odds, by XGBoost's exact tree SHAP values (Lundberg et al., Nature Machine Intelligence 2, 2020), or of
/// a linear model weight times feature. The
/// features that one column was encoded to are added up, which keeps the sum over columns equal to the row's log-odds.
/// </summary>
public sealed class ModelContributions
{
    private readonly float[] values;
    private readonly int columns;

    private ModelContributions(float[] values, int columns, int width, double expectedMargin, double additivityError)
    {
        this.values = values;
        this.columns = columns;
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
    public float this[int row, int column, int place] => values[(((row * Width) + place) * columns) + column];

    /// <summary>The columns that a learner looks at: those of which a tree splits a feature, or a feature has a weight.</summary>
    /// <param name="booster">The learner.</param>
    /// <param name="signature">The columns it was fitted on.</param>
    public static IReadOnlySet<string> ColumnsOf(byte[] booster, ModelSignature signature)
    {
        using var learner = Booster.Load(booster);
        var columnOf = LearnerEncoding.Of(signature).ColumnOfFeatures();
        var features = signature.Learner == LearnerKind.Linear
            ? LinearModel.Parse(learner.SaveJson()).Weights.Index().Where(w => w.Item != 0).Select(w => w.Index / signature.Width)
            : TreeEnsemble.Parse(learner.SaveJson()).Trees.SelectMany(t => t).Where(n => !n.IsLeaf).Select(n => n.Feature);
        return features.Distinct().Select(f => signature.Columns[columnOf[f]].Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <param name="booster">The learner.</param>
    /// <param name="signature">The columns it was fitted on.</param>
    /// <param name="rows">At least one row.</param>
    /// <param name="cancellationToken">Checked before every batch of 256 rows.</param>
    public static ModelContributions Of(byte[] booster, ModelSignature signature, FeatureTable rows, CancellationToken cancellationToken)
    {
        const int batch = 256;
        var encoding = LearnerEncoding.Of(signature);
        var columnOf = encoding.ColumnOfFeatures();
        var matrix = encoding.Encode(rows);
        var (columns, width) = (signature.Columns.Count, signature.Width);
        var values = new float[rows.RowCount * width * columns];
        var (expected, error) = (0.0, 0.0);
        using var learner = Booster.Load(booster);
        for (var from = 0; from < rows.RowCount; from += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] taken = [.. Enumerable.Range(from, Math.Min(batch, rows.RowCount - from))];
            using var part = DMatrix.Of(matrix.Take(taken), signature.Learner);
            var contributions = learner.Contributions(part);
            var margins = learner.Margins(part);
            var features = columnOf.Count + 1;
            for (var place = 0; place < margins.Length; place++)
            {
                var sum = 0.0;
                for (var feature = 0; feature < features; feature++)
                {
                    var value = contributions[(place * features) + feature];
                    sum += value;
                    if (feature < columnOf.Count) values[(((from * width) + place) * columns) + columnOf[feature]] += value;
                    else if (place % width == 0) expected = value;
                }

                error = Math.Max(error, Math.Abs(sum - margins[place]));
            }
        }

        return new ModelContributions(values, columns, width, expected, error);
    }
}
