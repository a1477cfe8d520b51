using System.Buffers;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>
/// Writes a file that cannot be read in parts (JSON Lines, whose columns are known at its end only; Parquet; what is compressed) anew as CSV, under
/// <c>scoring-work/{run}/input.csv</c>: row by row what training reads of such a file. That copy is cut into chunks in the file's place.
/// </summary>
public sealed class ScoringCopy(PlatformStorage storage, ScratchSpace scratch)
{
    /// <summary>What the copies' results are called: the file's name with this after it.</summary>
    public const string Extension = ".csv";

    private static readonly CsvDialect Dialect = new(',');
    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    /// <summary>Whether a file of this format is scored as it stands.</summary>
    public static bool IsNeedless(TableFormat format) => format is { Kind: TableKind.Csv, IsCompressed: false };

    /// <summary>Makes the copy.</summary>
    /// <remarks>Idempotency key: the run; a repeat writes the same rows over it.</remarks>
    /// <returns>The copy or a refusal; neither when the file is no longer the one that was dropped.</returns>
    public async Task<(DroppedFile? Copy, Refusal? Refusal)> MakeAsync(string run, DroppedFile file, TableFormat format, CancellationToken cancellationToken)
    {
        var folder = scratch.CreateFolder();
        try
        {
            var source = Path.Combine(folder.FullName, "source");
            if (!await TryDownloadAsync(file, source, cancellationToken))
            {
                return (null, null);
            }

            var csv = Path.Combine(folder.FullName, "input.csv");
            if (await WriteAsync(source, format, csv, cancellationToken) is { } refusal)
            {
                return (null, refusal);
            }

            var name = NameOf(run);
            await using var content = File.OpenRead(csv);
            BlobContentInfo stored = await storage.Blob(Containers.ScoringWork, name).UploadAsync(content, overwrite: true, cancellationToken);
            return (DroppedFile.From(Containers.ScoringWork, name, stored.ETag), null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static string NameOf(string run) => $"{run}/input.csv";

    /// <summary>Writes a table as CSV that reads back as the same rows.</summary>
    internal static async Task<Refusal?> WriteAsync(string source, TableFormat format, string csv, CancellationToken cancellationToken)
    {
        await using var reader = format.Open(source, TableLimits.Default);
        if (!await reader.ReadHeaderAsync(cancellationToken) || reader.Header is not { } header)
        {
            return reader.Refusal;
        }

        await using var to = File.Create(csv);
        var record = new ArrayBufferWriter<byte>();

        // All in quotes: what stands in a name must not be taken for the delimiter.
        record.Write(Encoding.UTF8.GetBytes(
            string.Join(Dialect.Delimiter, header.Columns.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n"));
        await to.WriteAsync(record.WrittenMemory, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            record.ResetWrittenCount();
            for (var column = 0; column < header.Columns.Count; column++)
            {
                Write(record, column, reader.GetField(column), isOnly: header.Columns.Count == 1);
            }

            record.Write("\n"u8);
            await to.WriteAsync(record.WrittenMemory, cancellationToken);
        }

        return reader.Refusal;
    }

    /// <param name="to">Where to.</param>
    /// <param name="column">Which field of its record it is.</param>
    /// <param name="field">The value.</param>
    /// <param name="isOnly">A field alone in its line stands in quotes: an empty line is no record.</param>
    private static void Write(ArrayBufferWriter<byte> to, int column, ReadOnlySpan<byte> field, bool isOnly)
    {
        if (column > 0)
        {
            to.Write(","u8);
        }

        if (!isOnly && !field.ContainsAny(Special))
        {
            to.Write(field);
            return;
        }

        to.Write("\""u8);
        while (field.IndexOf((byte)'"') is >= 0 and var quote)
        {
            to.Write(field[..(quote + 1)]);
            to.Write("\""u8);
            field = field[(quote + 1)..];
        }

        to.Write(field);
        to.Write("\""u8);
    }

    private async Task<bool> TryDownloadAsync(DroppedFile file, string path, CancellationToken cancellationToken)
    {
        try
        {
            await storage.Blob(file.Container, file.Name).DownloadToAsync(
                path, new BlobDownloadToOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(file.ETag) } }, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return false;
        }
    }
}
