using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>
/// Telephone numbers in international form (E.164): a plus sign, 8 to 15 digits that do not begin with 0, set apart by single spaces, hyphens,
/// dots, slashes or brackets. Other forms cannot be told from numbers.
/// </summary>
internal static class PhoneNumbers
{
    private const int LeastDigits = 8;
    private const int MostDigits = 15;
    private const int MostMarks = 2;

    public static bool TryRead(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        found = default;
        var (digits, marks, end) = (0, 0, at + 1);
        for (var i = at + 1; i < text.Length && marks <= MostMarks; i++)
        {
            if (char.IsAsciiDigit((char)text[i]))
            {
                digits++;
                (marks, end) = (0, i + 1);
            }
            else if (text[i] is (byte)' ' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)'(' or (byte)')')
            {
                marks++;
            }
            else
            {
                break;
            }
        }

        if (digits is < LeastDigits or > MostDigits || text[at + 1] is (byte)'0' || !char.IsAsciiDigit((char)text[at + 1])
            || (end < text.Length && char.IsAsciiLetter((char)text[end])))
        {
            return false;
        }

        found = new FoundIdentifier(IdentifierKind.Phone, at, end - at);
        return true;
    }
}
