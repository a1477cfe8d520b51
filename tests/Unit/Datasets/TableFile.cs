using System.IO.Compression;
using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Datasets;

/// <summary>A file on disk with a table in it; gone after the test.</summary>
internal sealed class TableFile : IDisposable
{
    private readonly string path = Path.GetTempFileName();
    private readonly TableFormat format;

    public TableFile(string name, byte[] content)
    {
        format = TableFormat.Of(name) ?? throw new ArgumentException($"'{name}' is no table's name.", nameof(name));
        File.WriteAllBytes(path, content);
    }

    public static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    public static async Task<TableOutcome> ReadAsync(string name, byte[] content, TableLimits? limits = null)
    {
        using var file = new TableFile(name, content);
        return await file.ReadAsync(limits);
    }

    public static Task<TableOutcome> ReadAsync(string name, string content) => ReadAsync(name, Encoding.UTF8.GetBytes(content));

    public TableReader Open(TableLimits? limits = null) => format.Open(path, limits ?? TableLimits.Default);

    public async Task<TableOutcome> ReadAsync(TableLimits? limits = null)
    {
        await using var reader = Open(limits);
        var rows = new List<TableRow>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            rows.Add(RowOf(reader));
        }

        return new TableOutcome(reader.Header, rows, reader.Refusal);
    }

    public void Dispose() => File.Delete(path);

    private static TableRow RowOf(TableReader reader)
    {
        var fields = new string[reader.Header!.Columns.Count];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = Encoding.UTF8.GetString(reader.GetField(i));
        }

        return new TableRow(reader.Row, reader.Line, fields);
    }
}

internal sealed record TableOutcome(TableHeader? Header, IReadOnlyList<TableRow> Rows, Refusal? Refusal);

internal sealed record TableRow(long Row, long? Line, string[] Fields);
