using System.Text;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Names of dropped files that hold a card number. Names are kept in lineage, ledger, reports and logs, so such a file is refused before any of them is written.</summary>
public static class CardNumberNames
{
    /// <summary>More digits than these, run together, are what tools give to parts of a table.</summary>
    private const int MostDigits = 16;

    /// <summary>Whether a file's path in its container holds what is a card number by its first digits, length and check digit.</summary>
    public static bool HoldsCardNumber(this DroppedFile file) => HoldsCardNumber(file.Name);

    /// <summary>Whether a name holds one.</summary>
    public static bool HoldsCardNumber(string name)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        for (var from = 0; IdentifierFinder.TryFind(utf8, from, out var found); from = found.End)
        {
            if (found is { Kind: IdentifierKind.CardNumber, IsCertain: true } && !(found.IsUsual && found.Length > MostDigits && IsRun(utf8.AsSpan(found.Start, found.Length))))
            {
                return true;
            }
        }

        return false;

        static bool IsRun(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>The file under a name that says nothing of the number, and by its ETag still is not another file's.</summary>
    public static DroppedFile Masked(this DroppedFile file) => file with { Name = $"{IdentifierMask.Apply(file.Name)} ({file.ETag})" };

    /// <summary>The path for what people read.</summary>
    public static string ShownPath(this DroppedFile file) => file.HoldsCardNumber() ? file.Masked().Path : file.Path;

    /// <summary>Why a file with such a name is refused.</summary>
    public static Refusal Refuse(DroppedFile file) => new(
        $"The name of a file in {file.Container} holds what is a card number by its first digits, length and check digit: '{IdentifierMask.Apply(file.Name)}'; "
            + "expected a name without one, since names are kept in lineage, reports and logs. Nothing was read of the file.",
        $"Delete it, and drop it again under another name. Its version is {file.ETag}.");
}
