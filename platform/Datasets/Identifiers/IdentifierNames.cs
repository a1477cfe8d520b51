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

    /// <summary>What a name holds, in order and none within another.</summary>
    private static List<FoundIdentifier> Find(byte[] name)
    {
        var all = new List<FoundIdentifier>();
        foreach (var found in FindInTexts(name).Concat(FindGluedIbans(name)).Concat(NameAddresses.Find(name)).OrderBy(f => f.Start))
        {
            if (all.Count > 0 && found.Start < all[^1].End)
            {
                all[^1] = all[^1] with { Length = Math.Max(all[^1].End, found.End) - all[^1].Start };
            }
            else
            {
                all.Add(found);
            }
        }

        return all;
    }

    private static IEnumerable<FoundIdentifier> FindInTexts(byte[] name)
    {
        for (var from = 0; IdentifierFinder.TryFind(name, from, out var found); from = found.Kind == IdentifierKind.Email ? AfterSign(found) : found.End)
        {
            var text = name.AsSpan(found.Start, found.Length);
            if (found.Kind switch
            {
                IdentifierKind.CardNumber => found.IsCertain && !(found.IsUsual && found.Length > MostDigits && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')),
                IdentifierKind.Iban => IsInGroups(text),
                _ => false,
            })
            {
                yield return found;
            }
        }

        // What is an address to a text may be none to a name, and a number stand behind its at sign.
        int AfterSign(in FoundIdentifier address) => address.Start + name.AsSpan(address.Start).IndexOf((byte)'@') + 1;
    }

    /// <summary>IBANs that other letters and figures touch. Within hashes they are not looked for: a checksum passes by chance once in a hundred.</summary>
    private static IEnumerable<FoundIdentifier> FindGluedIbans(byte[] name)
    {
        for (var at = 0; at < name.Length; at++)
        {
            var end = at;
            while (end < name.Length && char.IsAsciiLetterOrDigit((char)name[end])) end++;
            if (!HexText.IsWithin(name.AsSpan(at, end - at), 0, end - at))
            {
                for (; at < end; at++)
                {
                    if (Ibans.TryReadWithin(name.AsSpan(0, end), at, out var found))
                    {
                        yield return found;
                        at = found.End - 1;
                    }
                }
            }

            at = end;
        }
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
