using System.Globalization;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>What looking at the loaded rows says of features.</summary>
/// <param name="Unfit">Those that cannot be learned from, with the reasons.</param>
/// <param name="Texts">Those that are running text.</param>
internal sealed record ColumnFindings(IReadOnlyDictionary<string, string> Unfit, IReadOnlySet<string> Texts);

/// <summary>What DuckDB finds in the loaded rows.</summary>
internal sealed class DatasetProfiler(DuckDbConnection connection)
{
    /// <summary>A category column whose values are distinct to at least this share is taken for an identifier.</summary>
    public const double IdentifierShare = 0.90;

    /// <summary>Below this many values, being distinct says nothing.</summary>
    public const int IdentifierMinimum = 20;

    private const int TopCategories = 20;
    private const int HistogramBins = 20;

    /// <summary>How many times the middle 98% the whole range must be for a histogram to leave the rest to its outermost bars.</summary>
    private const double FarOut = 3;

    private static readonly double[] Probabilities = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

    /// <summary>Features that cannot be learned from, with the reasons, and those that are running text.</summary>
    /// <param name="schema">The features.</param>
    /// <param name="told">Those whose role the definition gives: these are what it says.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public ColumnFindings Examine(DatasetSchema schema, IEnumerable<string> told, CancellationToken cancellationToken)
    {
        var unfit = new Dictionary<string, string>(StringComparer.Ordinal);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var given = told.ToHashSet(StringComparer.Ordinal);
        foreach (var feature in schema.Features)
        {
            var name = DuckDbConnection.Identifier(feature.Name);
            var counts = Row($"SELECT count(*), count({name}), count(DISTINCT {name}) FROM {DatasetLoader.Table}", 3, cancellationToken);
            var (rows, values, distinct) = (counts[0], counts[1], counts[2]);
            var reason = values == 0 ? "every value is missing" : distinct == 1 && values == rows
                ? $"constant: one value in every row{(feature.Kind == ColumnKind.Number ? ", in the seven digits that numbers are computed with" : "")}" : null;
            if (reason is null && schema.Wordy.Contains(feature.Name)
                && distinct >= RoleInference.LeastDistinctTexts && distinct >= RoleInference.DistinctTextShare * values)
            {
                texts.Add(feature.Name);
            }
            else if ((reason ?? (given.Contains(feature.Name) ? null : LikeIdentifier(feature, values, distinct, cancellationToken))) is { } against)
            {
                unfit.Add(feature.Name, against);
            }
        }

        return new ColumnFindings(unfit, texts);
    }

    private string? LikeIdentifier(FeatureColumn feature, long values, long distinct, CancellationToken cancellationToken)
    {
        if (feature.Kind == ColumnKind.Category && values >= IdentifierMinimum && distinct >= IdentifierShare * values)
        {
            return string.Create(CultureInfo.InvariantCulture, $"like an identifier: {distinct} distinct texts in {values} values");
        }

        if (feature.Kind != ColumnKind.Number || values < RoleInference.LeastIdentifiers || distinct < values)
        {
            return null;
        }

        var name = DuckDbConnection.Identifier(feature.Name);
        var dense = Row(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SELECT (bool_and({name} = trunc({name})) AND {RoleInference.IdentifierShare} * (max({name})::DOUBLE - min({name})::DOUBLE + 1) <= count({name}))::BIGINT
                FROM {DatasetLoader.Table}
                """),
            1, cancellationToken);
        return dense[0] == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"like an identifier: {distinct} whole numbers in a row, each of them once");
    }

    /// <summary>Those of the columns whose values are many and all different.</summary>
    public IEnumerable<string> FindUnique(IEnumerable<string> columns, CancellationToken cancellationToken) => columns.Where(column =>
    {
        var name = DuckDbConnection.Identifier(column);
        return Row($"SELECT count({name}), count(DISTINCT {name}) FROM {DatasetLoader.Table}", 2, cancellationToken) is [>= IdentifierMinimum and var values, var distinct]
            && values == distinct;
    });

    /// <summary>Rows by part and class.</summary>
    public IReadOnlyList<SplitCounts> CountSplits(string target, string? positive, CancellationToken cancellationToken) =>
        [
            .. new[] { DataSplit.Train, DataSplit.HeldOut }.Select(split =>
            {
                var counts = Row(
                    $"SELECT count(*), count(*) FILTER (WHERE {DuckDbConnection.Identifier(target)}::VARCHAR = ?) FROM {DatasetLoader.Table} WHERE {DatasetColumns.Split} = ?",
                    2, cancellationToken, positive ?? "", HeldOutSplit.NameOf(split));
                return new SplitCounts(split, counts[0], counts[1]);
            }),
        ];

    /// <summary>The rows of each class in both parts.</summary>
    public IReadOnlyList<TargetClass> CountClasses(string target, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
    [
        .. names.Select(name =>
        {
            var counts = Row(
                $"SELECT count(*) FILTER (WHERE {DatasetColumns.Split} = ?), count(*) FILTER (WHERE {DatasetColumns.Split} = ?) FROM {DatasetLoader.Table} WHERE {DuckDbConnection.Identifier(target)} = ?",
                2, cancellationToken, HeldOutSplit.NameOf(DataSplit.Train), HeldOutSplit.NameOf(DataSplit.HeldOut), name);
            return new TargetClass(name, counts[0], counts[1]);
        }),
    ];

    /// <summary>How many distinct values the target has in a part.</summary>
    public long CountValues(string target, DataSplit split, CancellationToken cancellationToken) => Row(
        $"SELECT count(DISTINCT {DuckDbConnection.Identifier(target)}) FROM {DatasetLoader.Table} WHERE {DatasetColumns.Split} = ?",
        1, cancellationToken, HeldOutSplit.NameOf(split))[0];

    public IReadOnlyList<ColumnProfile> Profile(IReadOnlyList<FeatureColumn> features, CancellationToken cancellationToken) =>
        [.. features.Select(feature => Profile(feature, TopCategories, cancellationToken))];

    /// <summary>The target's classes with their rows, or how the numbers to predict are distributed.</summary>
    public ColumnProfile ProfileTarget(DatasetTarget target, CancellationToken cancellationToken) =>
        Profile(
            new FeatureColumn(target.Column, target.Task == LearningTask.Regression ? ColumnKind.Number : ColumnKind.Category),
            TargetSurvey.MostClasses,
            cancellationToken) with
        { Role = null };

    private ColumnProfile Profile(FeatureColumn feature, int mostCategories, CancellationToken cancellationToken)
    {
        var name = DuckDbConnection.Identifier(feature.Name);
        var counts = Row($"SELECT count(*), count({name}), count(DISTINCT {name}) FROM {DatasetLoader.Table}", 3, cancellationToken);
        var numbers = feature.Kind.IsNumeric() ? Numbers(name, cancellationToken) : null;
        var profile = new ColumnProfile(
            feature.Name, feature.Kind, counts[1], counts[0] - counts[1], counts[2], numbers,
            feature.Kind is ColumnKind.Category or ColumnKind.Boolean ? Categories(name, mostCategories, cancellationToken) : null)
        {
            Role = feature.Kind switch
            {
                ColumnKind.Category => ColumnRole.Categorical,
                ColumnKind.Boolean => ColumnRole.Boolean,
                ColumnKind.Date => ColumnRole.Date,
                ColumnKind.Text => ColumnRole.Text,
                _ => counts[2] == 2 && numbers is { Min: 0, Max: 1 } ? ColumnRole.Boolean : ColumnRole.Numeric,
            },
        };
        return numbers is null ? profile : profile with
        {
            Histogram = Histogram(profile, numbers, cancellationToken),
            Bands = CountBands(
                profile, [.. numbers.Quantiles.Where(q => q.Probability is >= 0.1 and <= 0.9).Select(q => q.Value).Distinct().Order()], cancellationToken),
        };
    }

    /// <summary>The values of a number column up to each edge, and beyond the last.</summary>
    public ValueBands CountBands(ColumnProfile column, IReadOnlyList<double> edges, CancellationToken cancellationToken)
    {
        var upTo = CountWhere(column.Name, "::DOUBLE <= ?", [.. edges.Select(e => (object?)SinglePrecision.Held(e))], cancellationToken);
        return new ValueBands(edges, [.. upTo.Append(column.Count).Select((count, i) => i == 0 ? count : count - upTo[i - 1])]);
    }

    /// <summary>The rows of each of some categories.</summary>
    public IReadOnlyList<long> CountEqual(ColumnProfile column, IReadOnlyList<string> categories, CancellationToken cancellationToken) =>
        CountWhere(column.Name, " = ?", [.. categories], cancellationToken);

    private ValueHistogram Histogram(ColumnProfile column, NumberProfile numbers, CancellationToken cancellationToken)
    {
        // A few extreme values must not press all others into one bar.
        var (low, high) = (numbers.Quantiles[0].Value, numbers.Quantiles[^1].Value);
        var (from, to) = high > low && numbers.Max - numbers.Min > FarOut * (high - low) ? (low, high) : (numbers.Min, numbers.Max);
        if (to <= from)
        {
            return new ValueHistogram(from, to, [column.Count]);
        }

        var edges = Enumerable.Range(1, HistogramBins - 1).Select(i => from + ((to - from) * i / HistogramBins)).ToList();
        return new ValueHistogram(from, to, CountBands(column, edges, cancellationToken).Counts);
    }

    private long[] CountWhere(string column, string condition, object?[] parameters, CancellationToken cancellationToken)
    {
        var name = DuckDbConnection.Identifier(column);
        var counts = parameters.Select(_ => $"count(*) FILTER (WHERE {name}{condition})");
        return parameters.Length == 0 ? [] : Row($"SELECT {string.Join(", ", counts)} FROM {DatasetLoader.Table}", parameters.Length, cancellationToken, parameters);
    }

    private NumberProfile Numbers(string name, CancellationToken cancellationToken)
    {
        var value = $"{name}::DOUBLE";
        var sql = $"SELECT min({value}), max({value}), avg({value}), stddev_samp({value}) FROM {DatasetLoader.Table}";
        using var result = connection.Query(sql, cancellationToken);
        using var chunk = result.NextChunk() ?? throw new DuckDbException($"DuckDB gave no row for '{sql}'.");
        return new NumberProfile(
            SinglePrecision.Shortest(chunk.Doubles(0)[0]), SinglePrecision.Shortest(chunk.Doubles(1)[0]),
            chunk.Doubles(2)[0], chunk.IsNull(3, 0) ? null : chunk.Doubles(3)[0], Quantiles(value, cancellationToken));
    }

    /// <summary>All quantiles by one aggregate: each holds the whole column, in memory that DuckDB does not count.</summary>
    private List<Quantile> Quantiles(string value, CancellationToken cancellationToken)
    {
        var sql = string.Create(
            CultureInfo.InvariantCulture, $"SELECT unnest(quantile_cont({value}, [{string.Join(", ", Probabilities.Select(p => p.ToString(CultureInfo.InvariantCulture)))}])) FROM {DatasetLoader.Table}");
        using var result = connection.Query(sql, cancellationToken);
        using var chunk = result.NextChunk() ?? throw new DuckDbException($"DuckDB gave no row for '{sql}'.");
        return [.. Probabilities.Select((p, i) => new Quantile(p, SinglePrecision.Shortest(chunk.Doubles(0)[i])))];
    }

    private List<CategoryCount> Categories(string name, int most, CancellationToken cancellationToken)
    {
        var categories = new List<CategoryCount>();
        using var result = connection.Query(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT {name}, count(*) FROM {DatasetLoader.Table} WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}"),
            cancellationToken);
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.RowCount; row++)
                {
                    categories.Add(new CategoryCount(chunk.Text(0, row) ?? "", chunk.Integers(1)[row]));
                }
            }
        }

        return categories;
    }

    private long[] Row(string sql, int columns, CancellationToken cancellationToken, params ReadOnlySpan<object?> parameters)
    {
        using var result = connection.Query(sql, cancellationToken, parameters);
        using var chunk = result.NextChunk() ?? throw new DuckDbException($"DuckDB gave no row for '{sql}'.");
        return [.. Enumerable.Range(0, columns).Select(c => chunk.Integers(c)[0])];
    }
}
