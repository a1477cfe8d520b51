namespace Serverless.Platform.Datasets;

/// <summary>In which forms the dates of a column are written, so that a column whose dates mean one thing here and another there is seen.</summary>
internal sealed class DateForms
{
    private static readonly string[] Names = ["yyyy-MM-dd", "yyyy/MM/dd", "dd.MM.yyyy", "dd-MM-yyyy", "dd/MM/yyyy", "MM/dd/yyyy"];

    /// <summary>What there is to say of dates with slashes and the year at the end, also those with a day above 12: the form says which is the month in none of them.</summary>
    public const string SlashedUnread = "those with slashes and the year at the end can be read in two ways, and are not read";

    private const int DayFirst = 4;
    private const int MonthFirst = 5;

    private readonly long[] counts = new long[Names.Length];

    /// <summary>Dates with slashes that may be read either way.</summary>
    private long either;

    /// <summary>Values that are dates.</summary>
    public long Dates => counts.Sum() + either;

    /// <summary>Dates with slashes and the year at their end.</summary>
    public long Slashed => counts[DayFirst] + counts[MonthFirst] + either;

    /// <summary>Whether the dates are written in more than one form.</summary>
    public bool AreSeveral => counts.Count(c => c > 0) + (either > 0 && counts[DayFirst] + counts[MonthFirst] == 0 ? 1 : 0) > 1;

    /// <summary>Whether so many are written in other forms than most are that the column has no form: a few others are single values, not the column's nature.</summary>
    public bool AreMixed => Math.Max(counts.Max(), either + Math.Max(counts[DayFirst], counts[MonthFirst])) < DatasetSchema.NumberShare * Dates;

    /// <summary>Whether a value is a date with slashes and the year at its end, which is not read.</summary>
    public static bool IsSlashed(ReadOnlySpan<byte> value)
    {
        var forms = new DateForms();
        forms.Count(value);
        return forms.Slashed > 0;
    }

    /// <summary>Takes a value into account, if it is a date.</summary>
    public void Count(ReadOnlySpan<byte> value)
    {
        // A time may follow the date.
        if (value.Length < 8)
        {
            return;
        }

        var date = value[..Math.Min(value.Length, 10)];
        if (date.IndexOfAny((byte)' ', (byte)'T') is >= 8 and var end)
        {
            date = date[..end];
        }

        if (value.Length > date.Length && value[date.Length] is not ((byte)' ' or (byte)'T'))
        {
            return;
        }

        var separator = date.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (separator is not (1 or 2 or 4) || date[separator] is not ((byte)'-' or (byte)'/' or (byte)'.'))
        {
            return;
        }

        var mark = date[separator];
        var rest = date[(separator + 1)..];
        var second = rest.IndexOf(mark);
        if (second is not (1 or 2) || !TryNumber(date[..separator], out var first) || !TryNumber(rest[..second], out var middle) || !TryNumber(rest[(second + 1)..], out var last))
        {
            return;
        }

        var lastLength = rest.Length - second - 1;
        if (separator == 4 && middle is >= 1 and <= 12 && last is >= 1 and <= 31 && mark != (byte)'.')
        {
            counts[mark == (byte)'-' ? 0 : 1]++;
        }
        else if (separator <= 2 && lastLength == 4 && first is >= 1 and <= 31 && middle is >= 1 and <= 31 && (first <= 12 || middle <= 12))
        {
            CountShort(mark, first, middle);
        }
    }

    /// <summary>The forms found, with how often.</summary>
    public override string ToString() => string.Join(
        ", ",
        Names.Select((name, i) => (Name: name, Count: counts[i]))
            .Append((Name: "dd/MM/yyyy or MM/dd/yyyy", Count: either))
            .Where(f => f.Count > 0)
            .Select(f => FormattableString.Invariant($"{f.Count} as {f.Name}")));

    /// <summary>The forms of one column in several files as one.</summary>
    public static DateForms Sum(IEnumerable<DateForms> files)
    {
        var sum = new DateForms();
        foreach (var file in files)
        {
            sum.either += file.either;
            for (var i = 0; i < Names.Length; i++)
            {
                sum.counts[i] += file.counts[i];
            }
        }

        return sum;
    }

    private void CountShort(byte mark, int first, int middle)
    {
        if (mark != (byte)'/')
        {
            counts[mark == (byte)'.' ? 2 : 3]++;
        }
        else if (first <= 12 && middle <= 12)
        {
            either++;
        }
        else
        {
            counts[first > 12 ? DayFirst : MonthFirst]++;
        }
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out number, out var read) && read == digits.Length && digits[0] is >= (byte)'0' and <= (byte)'9';
}
