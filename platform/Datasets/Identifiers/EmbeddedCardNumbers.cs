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

    private readonly Place?[] places = new Place?[LongestRun];

    /// <summary>Takes all strings of digits of a text into account that are longer than a card number.</summary>
    public void Count(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[LongestRun];
        while (text.IndexOfAnyInRange((byte)'0', (byte)'9') is >= 0 and var start)
        {
            text = text[start..];
            var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : text.Length;
            if (length > CardIssuers.LeastDigits)
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
    public string? Describe() => Array.FindIndex(places, p => p is { IsMoreThanChance: true }) is >= 0 and var at
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{Quarantine.NoCopy}{places[at]!.Checked} longer strings of digits in the file hold what are card numbers by their first digits, length and check digit, from digit {at + 1} on.")
        : null;

    /// <summary>How many strings of digits hold one at a place where they are more than chance gives; repeated ones too.</summary>
    public long Sum() => places.Max(p => p is { IsMoreThanChance: true } ? p.All : 0);

    private void CountRun(ReadOnlySpan<byte> run)
    {
        for (var at = 0; at + CardIssuers.LeastDigits < run.Length; at++)
        {
            if (places[at] is { IsSettled: true })
            {
                continue;
            }

            var length = CardIssuers.UsualLength(run[at..]);
            if (length > 0 && at + length <= run.Length && length < run.Length)
            {
                (places[at] ??= new Place()).Count(run.Slice(at, length));
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
        private readonly HashSet<ulong> issued = [];

        public int Checked { get; private set; }

        public long All { get; private set; }

        public bool IsMoreThanChance => Checked >= LeastNumbers
            && (Checked == issued.Count || Checked > (LuhnByChance * issued.Count) + (2 * Math.Sqrt(issued.Count)));

        /// <summary>Whether enough numbers were looked at here to say that they are none.</summary>
        public bool IsSettled => issued.Count == MostNumbers && !IsMoreThanChance;

        public void Count(ReadOnlySpan<byte> card)
        {
            var isChecked = CardIssuers.PassesLuhn(card);
            All += isChecked ? 1 : 0;
            if (issued.Count < MostNumbers && issued.Add(NumberOf(card)))
            {
                Checked += isChecked ? 1 : 0;
            }
        }
    }
}
