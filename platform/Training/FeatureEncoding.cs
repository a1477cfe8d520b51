using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>
/// How raw columns become the features a learner sees. All columns of numbers and booleans come first, in column order, one feature each, then
/// <see cref="DateFeatures"/>, then for each category column of many categories its rate of positives, then the share of rows that have it, then for each category
/// column one 0/1 feature per known category, then for each column of text one feature per known word. A category that is not known makes all of its column's 0/1
/// features 0. What a missing number, boolean or date is taken for says <see cref="TypicalValue"/>.
/// </summary>
/// <param name="Columns">The raw columns, in the table's order.</param>
public sealed record FeatureEncoding(IReadOnlyList<EncodedColumn> Columns)
{
    /// <summary>Numbers beyond this, and infinities, count as missing to whoever gives them to the graph itself; of files the row is refused.</summary>
    public const float GreatestMagnitude = ValueParser.GreatestNumber;

    /// <summary>How often a category has to occur to get a feature of its own.</summary>
    public const int LeastCount = 5;

    /// <summary>How many categories of a column get features: the most frequent ones.</summary>
    public const int MostCategories = 64;

    /// <summary>How many features are numbers, NaN where missing; they come first.</summary>
    public int NumberCount => Columns.Count(c => c.IsOneNumber) + (DateFeatures.Count * DateCount);

    public int FeatureCount =>
        NumberCount + Columns.Sum(c => c.Categories.Count + (c.Rates is null ? 0 : 1) + (c.Shares is null ? 0 : 1) + (c.Words?.Words.Count ?? 0));

    private int DateCount => Columns.Count(c => c.Kind == ColumnKind.Date);

    /// <summary>For each feature, in order, the raw column it was made of.</summary>
    public IReadOnlyList<int> ColumnOfFeatures() =>
    [
        .. Columns.Index().Where(c => c.Item.IsOneNumber).Select(c => c.Index),
        .. Enumerable.Repeat(Columns.Index().Where(c => c.Item.Kind == ColumnKind.Date).Select(c => c.Index), DateFeatures.Count).SelectMany(c => c),
        .. Columns.Index().Where(c => c.Item.Rates is not null).Select(c => c.Index),
        .. Columns.Index().Where(c => c.Item.Shares is not null).Select(c => c.Index),
        .. Columns.Index().SelectMany(c => Enumerable.Repeat(c.Index, c.Item.Categories.Count)),
        .. Columns.Index().SelectMany(c => Enumerable.Repeat(c.Index, c.Item.Words?.Words.Count ?? 0)),
    ];

    /// <summary>Learns the known categories from training rows. The order of rows does not matter. A missing value (empty) is a category like any other.</summary>
    public static FeatureEncoding Learn(LabeledTable train)
    {
        var columns = new EncodedColumn[train.Features.Columns.Count];
        for (var c = 0; c < columns.Length; c++)
        {
            var (name, kind) = train.Features.Columns[c];
            columns[c] = kind switch
            {
                ColumnKind.Category => new EncodedColumn(name, kind, MostFrequent(train.Features.Categories(c)), Rates(train, c))
                {
                    Shares = CategoryShares.Learn(train.Features.Categories(c)),
                },
                ColumnKind.Text => new EncodedColumn(name, kind, [], Words: TextWords.Learn(train.Features.Categories(c))),
                ColumnKind.Boolean => new EncodedColumn(name, kind, []) { Typical = TypicalValue.Of(train.Features.Categories(c).Select(BooleanWords.ValueOf)) },
                ColumnKind.Date => new EncodedColumn(name, kind, []) { Typical = TypicalValue.Of(train.Features.Numbers(c).Select(DateFeatures.Known)) },
                _ => new EncodedColumn(name, kind, []) { Typical = TypicalValue.Of(train.Features.Numbers(c).Select(Known)) },
            };
        }

        return new FeatureEncoding(columns);
    }

    /// <summary>The encoding a trained model was made with.</summary>
    public static FeatureEncoding Of(ModelSignature signature) =>
        new([.. signature.Columns.Select(c => new EncodedColumn(c.Name, c.Kind, c.Categories, c.Rates, c.Words) { Typical = c.Typical, Shares = c.Shares })]);

    /// <exception cref="ArgumentException">The table lacks a column, or has one of the other kind, or the matrix would not fit in an array.</exception>
    public DenseMatrix Encode(FeatureTable table) => Encode(table, static (column, values) => column.ToFeature(values));

    /// <summary>The rows that this was learned from: each by the rates of the rows that are not in its part, so that no row's own label is among its features.</summary>
    internal DenseMatrix EncodeTraining(LabeledTable train) =>
        Encode(train.Features, (_, values) => CategoryRates.OutOfFold(
            values, train.Labels, train.Keys is { By: SplitKind.Group } groups ? groups.Values : train.RowHashes));

    private DenseMatrix Encode(FeatureTable table, Func<CategoryRates, string[], float[]> rates)
    {
        var places = ColumnBinding.Locate(table, Columns.Select(c => new FeatureColumn(c.Name, c.Kind)));
        var width = FeatureCount;
        if ((long)width * table.RowCount > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{table.RowCount} rows of {width} features are more than {Array.MaxLength} values, the most that fits. Train on fewer rows or columns.",
                nameof(table));
        }

        var values = new float[table.RowCount * width];
        var feature = 0;
        for (var c = 0; c < places.Length; c++)
        {
            if (Columns[c].Kind == ColumnKind.Number) Write(table.Numbers(places[c]).Select(Known), Columns[c], values.AsSpan(feature++), width);
            else if (Columns[c].Kind == ColumnKind.Boolean) Write(table.Categories(places[c]).Select(BooleanWords.ValueOf), Columns[c], values.AsSpan(feature++), width);
        }

        var dates = DateCount;
        for (var c = 0; c < places.Length; c++)
        {
            if (Columns[c].Kind == ColumnKind.Date) DateFeatures.Encode(table.Numbers(places[c]), TypicalValue.ForMissing(Columns[c].Typical), values.AsSpan(feature++), dates, width);
        }

        feature += (DateFeatures.Count - 1) * dates;

        for (var c = 0; c < places.Length; c++)
        {
            if (Columns[c].Rates is not { } learned) continue;
            Write(rates(learned, table.Categories(places[c])), values.AsSpan(feature++), width);
        }

        for (var c = 0; c < places.Length; c++)
        {
            if (Columns[c].Shares is { } shares) Write(shares.ToFeature(table.Categories(places[c])), values.AsSpan(feature++), width);
        }

        for (var c = 0; c < places.Length; c++)
        {
            if (Columns[c].Kind != ColumnKind.Category || Columns[c].Categories.Count == 0) continue;
            EncodeCategories(table.Categories(places[c]), Columns[c].Categories, values.AsSpan(feature), width);
            feature += Columns[c].Categories.Count;
        }

        for (var c = 0; c < places.Length; c++)
        {
            if (Columns[c].Words is not { Words.Count: > 0 } words) continue;
            words.Encode(table.Categories(places[c]), values.AsSpan(feature), width);
            feature += words.Words.Count;
        }

        return new DenseMatrix(values, table.RowCount, width);
    }

    /// <summary>The number, or NaN where it counts as missing.</summary>
    internal static float Known(float number) => MathF.Abs(number) > GreatestMagnitude ? float.NaN : number;

    private static void Write(IEnumerable<float> values, EncodedColumn column, Span<float> into, int width)
    {
        var (at, missing) = (0, TypicalValue.ForMissing(column.Typical));
        foreach (var value in values)
        {
            into[at] = float.IsNaN(value) ? missing : value;
            at += width;
        }
    }

    private static void Write(float[] values, Span<float> into, int width)
    {
        for (var row = 0; row < values.Length; row++) into[row * width] = values[row];
    }

    private static void EncodeCategories(string[] values, IReadOnlyList<string> known, Span<float> into, int width)
    {
        var features = known.Index().ToDictionary(k => k.Item, k => k.Index, StringComparer.Ordinal);
        for (var row = 0; row < values.Length; row++)
        {
            if (features.TryGetValue(values[row], out var feature)) into[(row * width) + feature] = 1;
        }
    }

    /// <summary>Several classes have no one rate; their categories have 0/1 features only.</summary>
    private static CategoryRates? Rates(LabeledTable train, int column) =>
        train.Task == LearningTask.MulticlassClassification ? null : CategoryRates.Learn(train.Features.Categories(column), train.Labels);

    private static string[] MostFrequent(string[] values) =>
    [
        .. values.CountBy(v => v, StringComparer.Ordinal)
            .Where(v => v.Value >= LeastCount)
            .OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal)
            .Take(MostCategories)
            .Select(v => v.Key),
    ];
}

/// <param name="Name">The column's header.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Categories">The known categories, the most frequent first; empty for other kinds.</param>
/// <param name="Rates">The rate of positives of each category; null for other kinds, and for columns of few categories.</param>
/// <param name="Words">The known words of a text; null for other kinds.</param>
public sealed record EncodedColumn(string Name, ColumnKind Kind, IReadOnlyList<string> Categories, CategoryRates? Rates = null, TextWords? Words = null)
{
    /// <summary>What is usual, and what a missing value counts as; null for categories and texts, and of models of older releases.</summary>
    public TypicalValue? Typical { get; init; }

    /// <summary>The share of rows that each category has; null where <see cref="Rates"/> are for the number of categories, and of models of older releases.</summary>
    public CategoryShares? Shares { get; init; }

    /// <summary>Whether one number is made of it.</summary>
    internal bool IsOneNumber => Kind is ColumnKind.Number or ColumnKind.Boolean;
}
