using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>A Parquet file as DuckDB can read it: on disk, expanded beside the file it comes from if that is compressed; gone when disposed of.</summary>
internal sealed class ParquetSource(string path, bool isCompressed) : IDisposable
{
    private const int MagicLength = 4;

    public string Path { get; } = isCompressed ? $"{path}.{Guid.NewGuid():N}.expanded" : path;

    /// <summary>The file's name in SQL.</summary>
    public string Sql => DuckDbConnection.Literal(Path);

    /// <summary>Expands it if need be, and looks at its ends; the refusal, or null.</summary>
    public async Task<Refusal?> PrepareAsync(TableFormat format, TableLimits limits, CancellationToken cancellationToken)
    {
        if (isCompressed)
        {
            await using var expanded = SourceStream.OpenBytes(path, format, limits);
            await using (var file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write))
            {
                await expanded.CopyToAsync(file, cancellationToken);
            }

            if (expanded.Refusal is not null)
            {
                return expanded.Refusal;
            }
        }

        await using var whole = File.OpenRead(Path);
        var first = new byte[MagicLength];
        var last = new byte[MagicLength];
        await whole.ReadAtLeastAsync(first, MagicLength, throwOnEndOfStream: false, cancellationToken);
        whole.Seek(-Math.Min(MagicLength, whole.Length), SeekOrigin.End);
        await whole.ReadAtLeastAsync(last, MagicLength, throwOnEndOfStream: false, cancellationToken);
        return whole.Length == 0 ? ParquetRefusals.Empty
            : first.AsSpan().SequenceEqual("PARE"u8) ? ParquetRefusals.Encrypted
            : !first.AsSpan().SequenceEqual("PAR1"u8) ? ParquetRefusals.NotParquet
            : whole.Length <= 2 * MagicLength || !last.AsSpan().SequenceEqual("PAR1"u8) ? ParquetRefusals.CutShort(whole.Length)
            : null;
    }

    public void Dispose()
    {
        if (isCompressed)
        {
            File.Delete(Path);
        }
    }
}
