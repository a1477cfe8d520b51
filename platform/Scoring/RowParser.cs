using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>The rows of a chunk, ready to be scored.</summary>
/// <param name="Features">The rows that can be scored, in order.</param>
/// <param name="Records">Where each row, refused or not, stands in the chunk, without its line end.</param>
/// <param name="Refusals">Index in <paramref name="Records"/> to the reason why the row cannot be scored.</param>
public sealed record ParsedRows(FeatureTable Features, IReadOnlyList<Range> Records, IReadOnlyDictionary<int, Refusal> Refusals);

/// <summary>Turns a chunk's records into a model's raw columns, by the same rules that training data is read by.</summary>
public static class RowParser
{
    /// <param name="header">The file's header.</param>
    /// <param name="part">The chunk.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="signature">What the model takes; the header has all of its columns.</param>
    /// <param name="hasLines">Whether the lines of the chunk are those of the file that was dropped, so that refusals can name them.</param>
    /// <exception cref="InvalidDataException">The bytes are not the records that were planned.</exception>
    public static ParsedRows Parse(CsvHeader header, ScoringChunk part, ReadOnlyMemory<byte> bytes, ModelSignature signature, bool hasLines = true)
    {
        var columns = signature.Columns;
        var source = columns.Select(c => IndexOf(header.Columns, c.Name)).ToArray();
        var values = columns.Select(c => c.Kind.IsNumeric() ? (Array)new float[part.Rows] : new string[part.Rows]).ToArray();
        var known = columns.Select(c => new CategoryCache(c.Kind == ColumnKind.Boolean ? [.. BooleanWords.All.Select(w => w.Text)] : c.Categories)).ToArray();
        var records = new List<Range>(part.Rows);
        var refusals = new Dictionary<int, Refusal>();
        var accepted = 0;

        var reader = new CsvChunkReader(bytes, header, part.Start);
        while (reader.Read() && records.Count < part.Rows)
        {
            var record = reader.Record;
            var refusal = ReadRow(record, columns, source, values, known, accepted);
            var at = (int)(record.Position.Offset - part.Start.Offset);
            if (refusal is null)
            {
                accepted++;
            }
            else
            {
                refusals.Add(records.Count, hasLines ? refusal : refusal with { Line = null });
            }

            records.Add(at..(at + record.Bytes.Length));
        }

        if (records.Count != part.Rows || reader.Refusal is not null)
        {
            throw new InvalidDataException(
                $"Chunk {part.Index} was planned with {part.Rows} rows from row {part.Start.Row} and read with {records.Count}. {reader.Refusal?.Reason}");
        }

        return new ParsedRows(Table(columns, values, accepted), records, refusals);
    }

    private static Refusal? ReadRow(
        in CsvRecord record, IReadOnlyList<SignatureColumn> columns, int[] source, Array[] values, CategoryCache[] known, int row)
    {
        for (var c = 0; c < source.Length; c++)
        {
            var field = record.GetField(source[c]);
            if (values[c] is string[] categories)
            {
                categories[row] = known[c].Get(columns[c].Kind == ColumnKind.Text ? ValueParser.Text(field) : ValueParser.Category(field));
            }
            else if (columns[c].Kind == ColumnKind.Date ? ValueParser.TryDate(field, out var number) : ValueParser.TryNumber(field, out number))
            {
                ((float[])values[c])[row] = number;
            }
            else
            {
                var expected = columns[c].Kind == ColumnKind.Date ? "a date as yyyy-MM-dd" : "a number";
                var found = columns[c].Kind != ColumnKind.Date && ValueParser.BeyondNumbers(field) != NumberFault.None
                    ? "an infinite number, or one beyond 1e38,"
                    : columns[c].Kind == ColumnKind.Date ? "what is no date"
                    : "text";
                return new Refusal(
                    $"Found {found} in column '{columns[c].Name}'; expected {expected}, or nothing where it is not known.",
                    "Correct the value and drop the row again.",
                    record.Position.Row,
                    columns[c].Name,
                    record.Position.Line);
            }
        }

        return null;
    }

    private static FeatureTable Table(IReadOnlyList<SignatureColumn> columns, Array[] values, int rows)
    {
        for (var c = 0; c < values.Length; c++)
        {
            values[c] = values[c] is float[] numbers ? numbers[..rows] : ((string[])values[c])[..rows];
        }

        return new FeatureTable([.. columns.Select(c => new FeatureColumn(c.Name, c.Kind))], values, rows);
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        throw new InvalidDataException($"The file has no column '{name}', which its plan was checked for.");
    }
}
