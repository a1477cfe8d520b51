using System.Text;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>
/// Names of dropped files that hold a card number, an IBAN or a mail address. Names are kept in lineage, ledger, reports and logs, so such a file is
/// refused before any of them is written, whatever its definition allows within files.
/// </summary>
public static class IdentifierNames
{
    /// <summary>More digits than these, run together, are what tools give to parts of a table.</summary>
    private const int MostDigits = 16;

    private const int IbanGroup = 4;

    /// <summary>What names of files end in after a dot, so that it is no domain: <c>a@b.csv</c> is no mail address.</summary>
    private static readonly HashSet<string> FileEnds = new(StringComparer.OrdinalIgnoreCase)
    {
        "csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet", "avro", "orc", "xls", "xlsx", "xml", "html", "pdf", "log", "yaml", "yml", "contract",
        "gz", "zip", "zst", "snappy", "brotli", "lzo", "bak", "tmp", "part", "crc",
    };

    /// <summary>Whether a file's path in its container holds one.</summary>
    public static bool HoldsIdentifier(this DroppedFile file) => HoldsIdentifier(file.Name);

    /// <summary>Whether a name holds one: a card number by its first digits, length and check digit, an IBAN by its check digits.</summary>
    public static bool HoldsIdentifier(string name) => Find(Encoding.UTF8.GetBytes(name)).Count > 0;

    /// <summary>The file under a name that says nothing of it, and by its ETag still is not another file's.</summary>
    public static DroppedFile Masked(this DroppedFile file) => file with { Name = $"{Mask(file.Name)} ({file.ETag})" };

    /// <summary>The path for what people read.</summary>
    public static string ShownPath(this DroppedFile file) => file.HoldsIdentifier() ? file.Masked().Path : file.Path;

    /// <summary>Why a file with such a name is refused.</summary>
    public static Refusal Refuse(DroppedFile file)
    {
        var what = Find(Encoding.UTF8.GetBytes(file.Name))[0].Kind switch
        {
            IdentifierKind.CardNumber => "a card number by its first digits, length and check digit",
            IdentifierKind.Iban => "an IBAN by its country, length and check digits",
            _ => "an e-mail address by its form",
        };
        return new Refusal(
            $"The name of a file in {file.Container} holds what is {what}: '{Mask(file.Name)}'; "
                + "expected a name without one, since names are kept in lineage, reports and logs. Nothing was read of the file.",
            $"Delete it, and drop it again under another name. Its version is {file.ETag}.");
    }

    private static List<FoundIdentifier> Find(ReadOnlySpan<byte> name)
    {
        var all = new List<FoundIdentifier>();
        for (var from = 0; IdentifierFinder.TryFind(name, from, out var found); from = found.End)
        {
            var text = name[found.Start..found.End];
            switch (found.Kind)
            {
                case IdentifierKind.CardNumber when found.IsCertain && !(found.IsUsual && found.Length > MostDigits && IsRun(text)):
                case IdentifierKind.Iban when IsInGroups(text):
                    all.Add(found);
                    break;
                case IdentifierKind.Email when TryReadAddress(name, found.Start + text.IndexOf((byte)'@'), found, out var address):
                    all.Add(address);
                    break;
            }
        }

        return all;

        static bool IsRun(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Whether an IBAN is written at once or in groups of four: words and dates set apart by marks would pass its check once in a hundred.</summary>
    private static bool IsInGroups(ReadOnlySpan<byte> iban)
    {
        var group = 0;
        for (var i = 0; i < iban.Length; i++)
        {
            var isMark = !char.IsAsciiLetterOrDigit((char)iban[i]);
            if (isMark && group != IbanGroup && i > 0 && char.IsAsciiLetterOrDigit((char)iban[i - 1]))
            {
                return false;
            }

            group = isMark ? 0 : group + 1;
        }

        return group <= IbanGroup || group == iban.Length;
    }

    /// <summary>Reads the address within a file's or a folder's name, without what the file's kind is told by.</summary>
    private static bool TryReadAddress(ReadOnlySpan<byte> name, int at, in FoundIdentifier found, out FoundIdentifier address)
    {
        var end = found.End;
        while (name[at..end].LastIndexOf((byte)'.') is >= 0 and var dot && FileEnds.Contains(Encoding.UTF8.GetString(name[(at + dot + 1)..end])))
        {
            end = at + dot;
        }

        return MailAddresses.TryRead(name[..end], at, Math.Max(found.Start, name[..at].LastIndexOf((byte)'/') + 1), out address);
    }

    private static string Mask(string name)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        var (masked, kept) = (new StringBuilder(), 0);
        foreach (var found in Find(utf8))
        {
            masked.Append(Encoding.UTF8.GetString(utf8.AsSpan(kept..found.Start))).Append('[').Append(FoundIdentifiers.NameOf(found.Kind)).Append(']');
            kept = found.End;
        }

        return IdentifierMask.Apply(masked.Append(Encoding.UTF8.GetString(utf8.AsSpan(kept..))).ToString());
    }
}
