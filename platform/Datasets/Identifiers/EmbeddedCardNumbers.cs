using System.Globalization;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Card numbers within longer strings of digits, as lines of fixed width have them: <c>0001</c>, the number, <c>20260131</c>.</summary>
/// <remarks>
/// One in ten of other digits passes a card number's check, and a longer string has many places to begin at. So numbers count place by place, each
/// once: at one place all that begin as an issuer's do have to pass, four at least, or more than a tenth of them and twice the square root of their
/// number (over six standard deviations more than chance gives). Lengths are the usual ones: an issuer's other lengths are not tried.
/// </remarks>
internal sealed class EmbeddedCardNumbers
{
    private const int LongestRun = 512;
    private const int LeastNumbers = 4;
    private const int MostNumbers = 1000;
    private const double LuhnByChance = 0.1;

    private readonly Dictionary<int, Place> places = [];

    /// <summary>Takes all strings of digits of a text into account that are longer than a card number.</summary>
    public void Count(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[LongestRun];
        while (text.IndexOfAnyInRange((byte)'0', (byte)'9') is >= 0 and var start)
        {
            text = text[start..];
            var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : text.Length;
            if (length > CardNumbers.LeastDigits)
            {
                var run = digits[..Math.Min(length, LongestRun)];
                for (var i = 0; i < run.Length; i++)
                {
                    run[i] = (byte)(text[i] - '0');
                }

                CountRun(run);
            }

            text = text[length..];
        }
    }

    /// <summary>Why no copy is kept of what holds these; null: it holds none.</summary>
    public string? Describe()
    {
        foreach (var (at, place) in places.OrderBy(p => p.Key))
        {
            var issued = place.Issued.Count;
            if (place.Checked >= LeastNumbers && (place.Checked == issued || place.Checked > (LuhnByChance * issued) + (2 * Math.Sqrt(issued))))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Quarantine.NoCopy}{place.Checked} longer strings of digits in the file hold what are card numbers by their first digits, length and check digit, from digit {at + 1} on.");
            }
        }

        return null;
    }

    private void CountRun(ReadOnlySpan<byte> run)
    {
        for (var at = 0; at + CardNumbers.LeastDigits < run.Length; at++)
        {
            var length = CardNumbers.UsualLength(run[at..]);
            if (length == 0 || at + length > run.Length || length == run.Length)
            {
                continue;
            }

            if (!places.TryGetValue(at, out var place))
            {
                places[at] = place = new Place();
            }

            var card = run.Slice(at, length);
            if (place.Issued.Count < MostNumbers && place.Issued.Add(NumberOf(card)))
            {
                place.Checked += CardNumbers.PassesLuhn(card) ? 1 : 0;
            }
        }
    }

    private static ulong NumberOf(ReadOnlySpan<byte> digits)
    {
        var number = 0UL;
        foreach (var digit in digits)
        {
            number = (10 * number) + digit;
        }

        return number;
    }

    private sealed class Place
    {
        public HashSet<ulong> Issued { get; } = [];

        public int Checked { get; set; }
    }
}
