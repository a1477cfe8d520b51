using System.Globalization;

namespace Serverless.Platform.Datasets;

/// <summary>Writes the loaded rows as Parquet.</summary>
internal static class DatasetWriter
{
    /// <summary>
    /// The most bytes of texts in a row group, which the writer has in memory about three times over: sorted, gathered and encoded.
    /// </summary>
    private const long MostGroupBytes = 64L << 20;

    /// <summary>Rows are written by so many at once, and a row group has a multiple of them.</summary>
    private const int Step = 2048;

    /// <summary>The steps in a row group as DuckDB writes it of itself.</summary>
    private const int UsualSteps = 60;

    /// <summary>Writes all rows, in the order of their sources' content hashes and their rows.</summary>
    public static void Write(DuckDbConnection connection, string path, CancellationToken cancellationToken)
    {
        var steps = StepsOf(MeasureSteps(connection, cancellationToken));
        var size = steps == UsualSteps ? "" : string.Create(CultureInfo.InvariantCulture, $", ROW_GROUP_SIZE {steps * Step}");
        connection.Execute(
            $"COPY (SELECT * FROM {DatasetLoader.Table} ORDER BY {DatasetColumns.Source}, {DatasetColumns.Row}) TO {DuckDbConnection.Literal(path)} "
                + $"(FORMAT parquet, COMPRESSION zstd{size})",
            cancellationToken);
    }

    /// <summary>How many steps a row group has: as usual, or half of that so often that none has more bytes than it may.</summary>
    private static int StepsOf(IReadOnlyList<long> bytes)
    {
        var steps = UsualSteps;
        while (steps > 1 && bytes.Chunk(steps).Any(group => group.Sum() > MostGroupBytes))
        {
            steps /= 2;
        }

        return steps;
    }

    /// <summary>The bytes of texts in each step. Rows were loaded in the order in which they are written.</summary>
    private static List<long> MeasureSteps(DuckDbConnection connection, CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        using (var columns = connection.Query(
            $"SELECT column_name FROM (DESCRIBE {DatasetLoader.Table}) WHERE column_type = 'VARCHAR'", cancellationToken))
        {
            while (columns.NextChunk() is { } chunk)
            {
                using (chunk)
                {
                    texts.AddRange(Enumerable.Range(0, chunk.RowCount).Select(row => DuckDbConnection.Identifier(chunk.Text(0, row) ?? "")));
                }
            }
        }

        // One sum for each column, since thousands of them in one expression are nested too deep.
        var sums = texts.Select(t => $"coalesce(sum(strlen({t})), 0)::BIGINT");
        var bytes = new List<long>();
        using var result = connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"SELECT {string.Join(", ", sums)} FROM {DatasetLoader.Table} GROUP BY rowid // {Step} ORDER BY rowid // {Step}"),
            cancellationToken);
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                bytes.AddRange(Enumerable.Range(0, chunk.RowCount).Select(row => Enumerable.Range(0, texts.Count).Sum(c => chunk.Integers(c)[row])));
            }
        }

        return bytes;
    }
}
