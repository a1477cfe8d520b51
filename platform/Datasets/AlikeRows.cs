using System.Globalization;
using System.Text.Json.Serialization;

namespace Serverless.Platform.Datasets;

/// <summary>Rows that are alike in all columns for want of other values, and are dealt to the parts one by one.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="Combinations">Of how many combinations.</param>
/// <remarks>
/// <para>
/// Rows that are alike in all columns mostly are records of one case and stand on one side. Where columns have few values they are many cases instead: all rows where the values could not
/// be combined in more ways than half the rows, and those of a combination that many rows have. Held out whole, such a combination would be one that the model never saw, and the
/// held-out share would be far from the one meant; of two or three combinations a part may get none.
/// </para>
/// <para>
/// Rows that are alike in their target too can stand in for one another, so each such row is dealt by its features, its target and its number among its like. That keeps what the parts are
/// made of when files come in another order, and when more rows come. Each row is drawn for itself: what one part has of a combination says nothing of what the other has.
/// </para>
/// </remarks>
public sealed record AlikeRows(long Rows, long Combinations)
{
    /// <summary>A combination's share of all rows from which on its rows are dealt one by one.</summary>
    public const double LeastShare = 0.01;

    /// <summary>How many rows it has at least: fewer are more often one case's.</summary>
    public const int LeastRows = 10;

    // So many rows for each combination that there could be, and most rows are alike of need.
    private const int LeastRowsEach = 2;

    // How many combinations a row has in the mean, below which there is a warning: where most rows stand alone, those that are alike hardly matter.
    private const double MostAlike = 0.5;

    // Of more rows the different ones are estimated: to count them takes memory for each.
    private const int MostCounted = 1_000_000;

    // Of so many rows the values are counted first: mostly they have more combinations than there are rows in all.
    private const int SampleRows = 10_000;

    // So many that a bucket of rare combinations is far from frequent.
    private const int Buckets = 4096;

    /// <summary>How many combinations the columns' values could make; null: more than half as many as there are rows, and only those that are frequent were dealt one by one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Possible { get; init; }

    /// <param name="rows">How many rows a combination of values has.</param>
    /// <param name="all">Of how many.</param>
    public static bool AreFrequent(long rows, long all) => rows >= LeastRows && rows > LeastShare * all;

    /// <summary>How many combinations columns of so many values each could make; null: more than half as many as there are rows, so that rows need not be alike.</summary>
    /// <param name="values">How many different values each column has, a missing one among them.</param>
    /// <param name="rows">How many rows there are.</param>
    public static long? CountPossible(IEnumerable<long> values, long rows)
    {
        long possible = 1;
        foreach (var count in values)
        {
            possible *= Math.Max(1, count);
            if (possible > rows / LeastRowsEach) return null;
        }

        return possible;
    }

    /// <summary>A sentence on them.</summary>
    public string Describe() => Possible is { } possible
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"All rows are drawn one by one, since the values of their columns make {possible:N0} combinations at most: cases that are alike stand in both parts.")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Rows:N0} rows, of {(Combinations == 1 ? "one combination" : $"{Combinations:N0} combinations")} of values that more than {100 * LeastShare:F0}% of all rows have, are drawn one by one: cases that are alike stand in both parts.");

    /// <summary>Deals them: such a row's hash becomes one of its own, from which its part follows.</summary>
    /// <param name="connection">Where the rows were loaded.</param>
    /// <param name="columns">The columns that are features or sensitive.</param>
    /// <param name="target">The target.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null: there are none. A warning where rows are alike all the same, and were kept together.</returns>
    internal static (AlikeRows? Dealt, string? Warning) Deal(
        DuckDbConnection connection, IReadOnlyList<string> columns, string target, CancellationToken cancellationToken)
    {
        var rows = Count(connection, "count(*)", cancellationToken);
        var distinct = Count(connection, $"{(rows > MostCounted ? "approx_count_distinct(" : "count(DISTINCT ")}{DatasetColumns.RowHash})", cancellationToken);
        if (FindPossible(connection, columns, rows, cancellationToken) is { } possible && distinct <= 2 * possible)
        {
            DealOneByOne(connection, target, "", cancellationToken);
            return (new AlikeRows(rows, Math.Min(distinct, possible)) { Possible = possible }, null);
        }

        var frequent = FindFrequent(connection, cancellationToken);
        var dealt = frequent.Count == 0 ? null : new AlikeRows(frequent.Sum(f => f.Rows), frequent.Count);
        if (dealt is not null)
        {
            DealOneByOne(connection, target, $"WHERE {DatasetColumns.RowHash} IN ({string.Join(", ", frequent.Select(f => f.Hash))})", cancellationToken);
        }

        var (others, kinds) = (rows - (dealt?.Rows ?? 0), distinct - (dealt?.Combinations ?? 0));
        return (dealt, kinds > MostAlike * others ? null : string.Create(CultureInfo.InvariantCulture, $"{others:N0} rows have about {kinds:N0} different combinations of values, and rows that are alike are held out together, as records of one case are: intervals, which take rows one by one, are too narrow then. ")
            + "If they are cases of their own, leave a column in the files that numbers the cases: it is not learned from, and rows are then drawn one by one.");
    }

    private static void DealOneByOne(DuckDbConnection connection, string target, string which, CancellationToken cancellationToken) =>

        // MD5, for it is the one hash that DuckDB promises to be the same in later releases. Which of its like a row counts as the first has no bearing on what the parts are made of.
        connection.Execute(
            $"""
            UPDATE {DatasetLoader.Table} SET
                {DatasetColumns.RowHash} = dealt.hash,
                {DatasetColumns.Split} = CASE WHEN dealt.hash % 100 < {HeldOutSplit.HeldOutPercent} THEN '{HeldOutSplit.NameOf(DataSplit.HeldOut)}' ELSE '{HeldOutSplit.NameOf(DataSplit.Train)}' END
            FROM (
                SELECT row, md5_number_lower(concat_ws(':', hash, row_number() OVER (PARTITION BY hash, target ORDER BY row), target)) AS hash
                FROM (
                    SELECT rowid AS row, {DatasetColumns.RowHash} AS hash, {DuckDbConnection.Identifier(target)}::VARCHAR AS target
                    FROM {DatasetLoader.Table} {which})) AS dealt
            WHERE {DatasetLoader.Table}.rowid = dealt.row
            """,
            cancellationToken);

    private static long? FindPossible(DuckDbConnection connection, IReadOnlyList<string> columns, long rows, CancellationToken cancellationToken)
    {
        var sample = $"(SELECT * FROM {DatasetLoader.Table} LIMIT {SampleRows.ToString(CultureInfo.InvariantCulture)})";
        return CountPossible(columns.Select(c => Values(c, sample)), rows) is null ? null : CountPossible(columns.Select(c => Values(c, DatasetLoader.Table)), rows);

        long Values(string column, string from)
        {
            var name = DuckDbConnection.Identifier(column);
            return Count(connection, $"count(DISTINCT {name}) + max(({name} IS NULL)::BIGINT)", cancellationToken, from);
        }
    }

    private static long Count(DuckDbConnection connection, string what, CancellationToken cancellationToken, string from = DatasetLoader.Table)
    {
        using var result = connection.Query($"SELECT ({what})::BIGINT FROM {from}", cancellationToken);
        using var chunk = result.NextChunk() ?? throw new DuckDbException($"DuckDB did not count '{what}'.");
        return chunk.IsNull(0, 0) ? 0 : chunk.Integers(0)[0];
    }

    private static List<(ulong Hash, long Rows)> FindFrequent(DuckDbConnection connection, CancellationToken cancellationToken)
    {
        // Millions of hashes are not counted one by one, for which hundreds of megabytes would be needed: a frequent one makes its bucket frequent, and few buckets are.
        var isFrequent = string.Create(
            CultureInfo.InvariantCulture, $"count(*) >= {LeastRows} AND count(*) > {LeastShare}::DOUBLE * (SELECT count(*) FROM {DatasetLoader.Table})");
        var bucket = string.Create(CultureInfo.InvariantCulture, $"{DatasetColumns.RowHash} % {Buckets}");
        var frequent = new List<(ulong, long)>();
        using var result = connection.Query(
            $"""
            SELECT {DatasetColumns.RowHash}, count(*) FROM {DatasetLoader.Table}
            WHERE {bucket} IN (SELECT {bucket} FROM {DatasetLoader.Table} GROUP BY 1 HAVING {isFrequent})
            GROUP BY 1 HAVING {isFrequent}
            """,
            cancellationToken);
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                frequent.AddRange(Enumerable.Range(0, chunk.RowCount).Select(row => (chunk.UnsignedIntegers(0)[row], chunk.Integers(1)[row])));
            }
        }

        return frequent;
    }
}
