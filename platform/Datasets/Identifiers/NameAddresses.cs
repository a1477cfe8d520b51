using System.Buffers;
using System.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Mail addresses in names of files and folders, which dates, numbers and endings follow at once.</summary>
/// <remarks>
/// A domain ends in letters, as in any text, or in a common top level with a hyphen or other labels after it: <c>ann@bank.com-2024.csv</c>,
/// <c>ann@bank.com.2024.csv</c>. What names of files end in is no top level: <c>a@b.csv</c> is no mail address.
/// </remarks>
internal static class NameAddresses
{
    private static readonly HashSet<string> FileEnds = new(StringComparer.OrdinalIgnoreCase)
    {
        "csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet", "avro", "orc", "xls", "xlsx", "xml", "html", "pdf", "log", "yaml", "yml", "contract",
        "gz", "zip", "zst", "snappy", "brotli", "lzo", "bak", "tmp", "part", "crc",
    };

    /// <summary>Those of more than two letters that are looked for before a hyphen, figures or other labels; any two letters may be a country's.</summary>
    private static readonly HashSet<string> TopLevels = new(StringComparer.OrdinalIgnoreCase)
    {
        "com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "name", "pro", "app", "dev", "bank", "cloud", "online", "email", "mail", "shop",
        "site", "store", "tech", "xyz", "club", "live", "world", "group", "company", "agency", "digital", "finance", "insurance", "health", "museum", "coop",
        "aero", "jobs", "mobi", "travel", "cat", "asia", "swiss", "berlin", "london", "paris", "nyc", "law", "page", "web", "work", "one", "global",
    };

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>The length in bytes of the at sign at a place, also full-width or as an address of the web has it; 0: there is none.</summary>
    private static int AtSign(ReadOnlySpan<byte> name) => name switch
    {
        [(byte)'@', ..] => 1,
        [(byte)'%', (byte)'4', (byte)'0', ..] or [0xEF, 0xBC, 0xA0, ..] or [0xEF, 0xB9, 0xAB, ..] => 3, // U+FF20, U+FE6B
        _ => 0,
    };

    public static IEnumerable<FoundIdentifier> Find(byte[] name)
    {
        var from = 0;
        for (var at = 0; at < name.Length; at++)
        {
            if (AtSign(name.AsSpan(at)) is > 0 and var sign && TryRead(name, from, at, sign, out var found))
            {
                yield return found;
                from = found.End;
                at = found.End - 1;
            }
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> name, int from, int at, int sign, out FoundIdentifier found)
    {
        found = default;
        var start = at;
        while (start > from && at - start < MailAddresses.LongestLocalPart && name[start - 1] != (byte)'/' && MailAddresses.IsLocal(name[start - 1]))
        {
            start--;
        }

        while (start < at && name[start] == (byte)'.')
        {
            start++;
        }

        var domain = name[(at + sign)..];
        var run = 0;
        while (run < domain.Length && MailAddresses.IsDomain(domain[run]) && AtSign(domain[run..]) == 0)
        {
            run++;
        }

        var length = start < at ? DomainLength(Encoding.UTF8.GetString(domain[..run])) : 0;
        found = length > 0 ? new FoundIdentifier(IdentifierKind.Email, start, at + sign + length - start) : default;
        return length > 0;
    }

    /// <summary>The length in bytes of the longest domain that a text begins with; 0: it begins with none.</summary>
    private static int DomainLength(string text)
    {
        var labels = text.TrimEnd('.', '-').Split('.');
        var count = labels.Length;
        while (count > 1 && FileEnds.Contains(labels[count - 1]))
        {
            count--;
        }

        // None of a domain's labels is empty.
        var whole = Array.FindIndex(labels, l => l.Length == 0) is >= 0 and var empty ? Math.Min(empty, count) : count;
        for (var last = whole - 1; last > 0; last--)
        {
            var label = labels[last];
            var letters = label.AsSpan().IndexOfAnyExcept(Letters) is >= 0 and var other ? other : label.Length;
            var isEnd = last == count - 1 && letters == label.Length && letters >= MailAddresses.ShortestTopLevel;
            if (isEnd || IsTopLevel(label[..letters], label[letters..], labels[last - 1]))
            {
                return Encoding.UTF8.GetByteCount(string.Join('.', labels[..last])) + 1 + letters;
            }
        }

        return 0;
    }

    /// <summary>Whether letters are a top level that something else follows. Two letters after figures are more often a version's: <c>1.2.rc-1</c>.</summary>
    private static bool IsTopLevel(string letters, string after, string before) =>
        !FileEnds.Contains(letters)
        && (letters.Length == MailAddresses.ShortestTopLevel
            ? after is "" or ['-', ..] && before.AsSpan().ContainsAny(Letters)
            : TopLevels.Contains(letters));
}
