using CsvHelper;

namespace Serverless.Local.Demo;

/// <summary>A small CSV file in memory, its fields as they are written.</summary>
public sealed record CsvTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <exception cref="CsvFormatException">It isn't well-formed CSV, or a row has more or fewer fields than the header.</exception>
    public static async Task<CsvTable> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var reader = CsvReader.Create(stream);
        List<IReadOnlyList<string>> rows = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return new CsvTable([.. reader.Headers], rows);
    }

    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        await using var writer = CsvWriter.Create(File.Create(path));
        foreach (var record in Rows.Prepend(Columns))
        {
            foreach (var field in record)
                writer.WriteField(field);
            await writer.EndRecordAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public int IndexOf(string column)
    {
        var index = Columns.ToList().IndexOf(column);
        return index >= 0 ? index : throw new InvalidDataException($"Column '{column}' was expected; found: {string.Join(", ", Columns)}.");
    }

    public CsvTable Pick(IEnumerable<int> rows) => this with { Rows = [.. rows.Select(row => Rows[row])] };

    public CsvTable Without(string column)
    {
        var left = IndexOf(column);
        return new CsvTable(Drop(Columns), [.. Rows.Select(Drop)]);

        IReadOnlyList<string> Drop(IReadOnlyList<string> fields) => [.. fields.Where((_, index) => index != left)];
    }
}
