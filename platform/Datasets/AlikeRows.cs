using System.Globalization;

namespace Serverless.Platform.Datasets;

/// <summary>The rows of combinations of values so frequent that their rows are dealt to the parts one by one.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="Combinations">Of how many combinations.</param>
/// <remarks>
/// <para>
/// Rows that are alike in all columns mostly are records of one case and stand on one side. Where columns have few values they are many cases instead. Held out whole, such a combination
/// would be one that the model never saw, and the held-out share would be far from the one meant; of two or three combinations a part may get none.
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

    // So many that a bucket of rare combinations is far from frequent.
    private const int Buckets = 4096;

    /// <param name="rows">How many rows a combination of values has.</param>
    /// <param name="all">Of how many.</param>
    public static bool AreFrequent(long rows, long all) => rows >= LeastRows && rows > LeastShare * all;

    /// <summary>A sentence on them.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Rows:N0} rows, of {(Combinations == 1 ? "one combination" : $"{Combinations:N0} combinations")} of values that more than {100 * LeastShare:F0}% of all rows have, are drawn one by one: cases that are alike stand in both parts.");

    /// <summary>Deals them: such a row's hash becomes one of its own, from which its part follows.</summary>
    /// <returns>Null: there are none.</returns>
    internal static AlikeRows? Deal(DuckDbConnection connection, string target, CancellationToken cancellationToken)
    {
        var frequent = FindFrequent(connection, cancellationToken);
        if (frequent.Count == 0)
        {
            return null;
        }

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
                    FROM {DatasetLoader.Table} WHERE {DatasetColumns.RowHash} IN ({string.Join(", ", frequent.Select(f => f.Hash))}))) AS dealt
            WHERE {DatasetLoader.Table}.rowid = dealt.row
            """,
            cancellationToken);
        return new AlikeRows(frequent.Sum(f => f.Rows), frequent.Count);
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
