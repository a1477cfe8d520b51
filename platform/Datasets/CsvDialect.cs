using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>How a CSV file separates its fields. Quotes are double quotes, and a quote within quotes is doubled, as in RFC 4180.</summary>
/// <param name="Delimiter">One of comma, semicolon, tab and vertical bar.</param>
public sealed record CsvDialect(char Delimiter)
{
    private const string Candidates = ",;\t|";

    /// <summary>Whether a line end outside quotes is among these first bytes of a file, so that all of its header is there.</summary>
    internal static bool HasWholeHeader(ReadOnlySpan<byte> first)
    {
        var quoted = false;
        while (first.IndexOfAny((byte)'"', (byte)'\n', (byte)'\r') is >= 0 and var at)
        {
            if (first[at] == (byte)'"')
            {
                quoted = !quoted;
            }
            else if (!quoted && (first[at] == (byte)'\n' || at + 1 < first.Length))
            {
                // After a carriage return a byte more, which may be the rest of the line end.
                return true;
            }

            first = first[(at + 1)..];
        }

        return false;
    }

    /// <summary>A first line such as <c>sep=;</c>, by which spreadsheets are told the delimiter: how long it is with its end, and what it says; null: there is none.</summary>
    internal static (int Length, CsvDialect Dialect)? FindPreamble(ReadOnlySpan<byte> first)
    {
        if (first.Length < 6 || !Ascii.EqualsIgnoreCase(first[..4], "sep=") || !Candidates.Contains((char)first[4], StringComparison.Ordinal)) return null;
        var end = first[5..];
        var length = end.StartsWith("\n"u8) ? 6 : end.StartsWith("\r\n"u8) ? 7 : 0;
        return length == 0 ? null : (length, new CsvDialect((char)first[4]));
    }

    /// <summary>The dialect of the file that has this header: the candidate most frequent outside quotes; a comma when there is none.</summary>
    /// <param name="header">The file's first record; what follows its line end is not looked at.</param>
    public static CsvDialect Detect(ReadOnlySpan<byte> header)
    {
        Span<int> counts = stackalloc int[Candidates.Length];
        counts.Clear();
        var quoted = false;
        foreach (var b in header)
        {
            if (b == (byte)'"')
            {
                quoted = !quoted;
            }
            else if (!quoted)
            {
                if (b is (byte)'\n' or (byte)'\r')
                {
                    break;
                }

                var candidate = Candidates.IndexOf((char)b);
                if (candidate >= 0)
                {
                    counts[candidate]++;
                }
            }
        }

        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        return new CsvDialect(Candidates[best]);
    }
}

/// <summary>What has to be known of a file to read any part of it.</summary>
/// <param name="Dialect">How fields are separated.</param>
/// <param name="Columns">The columns' names, in the file's order.</param>
public sealed record CsvHeader(CsvDialect Dialect, IReadOnlyList<string> Columns);

/// <summary>Where a record stands in its file.</summary>
/// <param name="Row">1 for the first record after the header.</param>
/// <param name="Line">1 for the file's first line; a record with quoted line breaks has several.</param>
/// <param name="Offset">In bytes from the file's beginning.</param>
public readonly record struct CsvPosition(long Row, long Line, long Offset);
