using System.Globalization;
using System.Text;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>
/// The rows of a Parquet file, read by DuckDB in the file's order: each value as the text that a CSV of the table has. Numbers are in their
/// shortest form that reads back the same, dates and times as in ISO 8601, booleans as true and false.
/// </summary>
internal sealed class ParquetTableReader(string path, TableFormat format, TableLimits limits) : TableReader
{
    /// <summary>Parquet is compressed by itself, and gzip finds little in it; what expands further is not worth the disk.</summary>
    private const int MaxExpansion = 20;

    private static readonly DuckDbOptions Options = new() { MemoryLimitMiB = 512 };

    private ParquetSource? source;
    private DuckDbConnection? connection;
    private DuckDbResult? result;
    private DuckDbChunk? chunk;
    private int at;
    private long given;

    public override long? Line => null;

    public override ReadOnlySpan<byte> GetField(int column) =>
        (chunk ?? throw new InvalidOperationException("No row was read yet; call ReadAsync first.")).Utf8(column, at);

    public override ValueTask DisposeAsync()
    {
        chunk?.Dispose();
        result?.Dispose();
        connection?.Dispose();
        source?.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask<Refusal?> OpenAsync(CancellationToken cancellationToken)
    {
        source = new ParquetSource(path, format.IsCompressed);
        if (await source.PrepareAsync(format, limits with { MaxExpansion = MaxExpansion }, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        connection = DuckDbConnection.Open(Options);
        try
        {
            return Open(connection, source.Sql, cancellationToken);
        }
        catch (DuckDbException unreadable)
        {
            return ParquetRefusals.Unreadable(Row, unreadable, source.Path);
        }
    }

    protected override ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        at++;
        try
        {
            while (chunk is null || at >= chunk.RowCount)
            {
                cancellationToken.ThrowIfCancellationRequested();
                chunk?.Dispose();
                chunk = result?.NextChunk();
                at = 0;
                if (chunk is null)
                {
                    return new ValueTask<bool>(Ended(Row == 0 ? ParquetRefusals.NoRows : null));
                }
            }
        }
        catch (DuckDbException damaged)
        {
            return new ValueTask<bool>(Ended(ParquetRefusals.Unreadable(Row, damaged, source?.Path ?? path)));
        }

        return new ValueTask<bool>(Check(chunk) is { } refusal ? Ended(refusal) : Moved());
    }

    private Refusal? Open(DuckDbConnection database, string file, CancellationToken cancellationToken)
    {
        if (FindTooLarge(database, file, cancellationToken) is { } tooLarge)
        {
            return tooLarge;
        }

        // DuckDB renames columns of one name; the schema has the names as they stand.
        var names = Texts(database, $"SELECT name FROM parquet_schema({file})", cancellationToken).Skip(1).ToList();
        var rows = $"read_parquet({file}, hive_partitioning = false, binary_as_string = true)";
        var columns = Texts(database, $"SELECT column_name FROM (DESCRIBE SELECT * FROM {rows})", cancellationToken);
        var types = Texts(database, $"SELECT column_type FROM (DESCRIBE SELECT * FROM {rows})", cancellationToken);
        for (var i = 0; i < types.Count; i++)
        {
            if (!IsScalar(types[i]))
            {
                return ParquetRefusals.Type(columns[i], types[i]);
            }
        }

        if (names.Count > limits.MaxColumns)
        {
            return ParquetRefusals.TooManyColumns(names.Count, limits);
        }

        if (TableNames.Check(names, line: null) is { } wrong)
        {
            return wrong;
        }

        var texts = columns.Zip(types).Where(c => ParquetTexts.IsText(c.Second)).Select(c => c.First).ToList();
        if (ParquetTexts.FindTooLong(database, rows, texts, source?.Path ?? path, new FileInfo(path).Length, limits, cancellationToken) is { } tooLong)
        {
            return tooLong;
        }

        Header = new TableHeader(names, null);
        var values = new StringBuilder().AppendJoin(", ", columns.Select(c => $"CAST({DuckDbConnection.Identifier(c)} AS VARCHAR)"));
        result = database.Stream(string.Create(CultureInfo.InvariantCulture, $"SELECT {values} FROM {rows}"), cancellationToken);
        return null;
    }

    /// <summary>What the file's own account of itself says, which is of values as they are encoded.</summary>
    private Refusal? FindTooLarge(DuckDbConnection database, string file, CancellationToken cancellationToken)
    {
        using var counted = database.Query(
            $"SELECT (SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata({file})), "
                + $"(SELECT max(bytes)::BIGINT FROM (SELECT sum(total_uncompressed_size) AS bytes FROM parquet_metadata({file}) GROUP BY row_group_id))",
            cancellationToken);
        using var found = counted.NextChunk();
        return found is null ? null
            : found.Integers(0)[0] > limits.MaxParquetRows ? ParquetRefusals.TooManyRows(found.Integers(0)[0], limits)
            : !found.IsNull(1, 0) && found.Integers(1)[0] > limits.MaxRowGroupBytes ? ParquetRefusals.RowGroupTooLarge(found.Integers(1)[0], limits)
            : null;
    }

    private Refusal? Check(DuckDbChunk rows)
    {
        long length = 0;
        for (var column = 0; column < Header?.Columns.Count; column++)
        {
            var value = rows.Utf8(column, at);
            length += value.Length;
            if (value.Contains((byte)0))
            {
                return ParquetRefusals.ZeroCharacter(Row + 1, Header.Columns[column]);
            }
        }

        given += length;
        return Row >= limits.MaxParquetRows ? ParquetRefusals.TooManyRows(Row + 1, limits)
            : given > limits.MaxExpandedBytes ? ParquetRefusals.ExpandsTooFar(Row + 1, limits)
            : length > limits.MaxRecordBytes ? ParquetRefusals.TooLong(Row + 1, limits) : null;
    }

    private static bool IsScalar(string type) =>
        !type.EndsWith(']') && type.Split('(')[0] is
            "BOOLEAN" or "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT"
            or "FLOAT" or "DOUBLE" or "DECIMAL" or "VARCHAR" or "ENUM" or "UUID" or "DATE" or "TIME" or "TIME_NS" or "TIME WITH TIME ZONE"
            or "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" or "TIMESTAMP WITH TIME ZONE";

    private static List<string> Texts(DuckDbConnection database, string sql, CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        using var found = database.Query(sql, cancellationToken);
        while (found.NextChunk() is { } rows)
        {
            using (rows)
            {
                for (var row = 0; row < rows.RowCount; row++)
                {
                    texts.Add(rows.Text(0, row) ?? "");
                }
            }
        }

        return texts;
    }
}
