using System.Globalization;

namespace Serverless.Platform.Datasets;

/// <summary>Reads a date whose parts have one meaning only.</summary>
/// <remarks>
/// <c>yyyy-MM-dd</c>, <c>yyyy/MM/dd</c>, <c>dd.MM.yyyy</c>, <c>dd-MM-yyyy</c>, a leading zero left out or not, a time after a space or a T or none.
/// Dates as 01/02/2024 are not read: nothing in them says which is the month.
/// </remarks>
internal static class DateValue
{
    private const int LongestDate = 10;
    private const int LongestTime = 40;

    private static readonly DateTime Epoch = DateTime.UnixEpoch;

    /// <param name="value">A value without surrounding space.</param>
    /// <param name="moment">The date with its time of day to the second; a zone is not taken into account.</param>
    public static bool TryRead(ReadOnlySpan<byte> value, out DateTime moment)
    {
        moment = default;
        if (value.Length < 8 || value[0] is < (byte)'0' or > (byte)'9')
        {
            return false;
        }

        var end = value[..Math.Min(value.Length, LongestDate + 1)].IndexOfAny((byte)' ', (byte)'T');
        var date = end < 0 ? value : value[..end];
        return date.Length <= LongestDate && TryDay(date, out moment) && (end < 0 || TryTime(value[(end + 1)..], ref moment));
    }

    /// <summary>Whole days from 1970-01-01; every one of a <see cref="DateTime"/> is exact as a float.</summary>
    public static float Days(DateTime moment) => (moment.Date - Epoch).Days;

    /// <summary>The day as yyyy-MM-dd; empty for what is no day.</summary>
    public static string Text(float days) =>
        days >= (DateTime.MinValue - Epoch).Days && days <= (DateTime.MaxValue.Date - Epoch).Days
            ? Epoch.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : "";

    private static bool TryDay(ReadOnlySpan<byte> date, out DateTime day)
    {
        day = default;
        var first = date.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (first is not (1 or 2 or 4) || date[first] is not ((byte)'-' or (byte)'/' or (byte)'.'))
        {
            return false;
        }

        var mark = date[first];
        var rest = date[(first + 1)..];
        var second = rest.IndexOf(mark);
        if (second is not (1 or 2)
            || !TryDigits(date[..first], out var a) || !TryDigits(rest[..second], out var month) || !TryDigits(rest[(second + 1)..], out var c))
        {
            return false;
        }

        var yearFirst = first == 4;
        var lastLength = rest.Length - second - 1;
        if (yearFirst ? mark == '.' || lastLength > 2 : mark == '/' || lastLength != 4)
        {
            return false;
        }

        var (year, ofMonth) = yearFirst ? (a, c) : (c, a);
        if (year < 1 || month is < 1 or > 12 || ofMonth < 1 || ofMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateTime(year, month, ofMonth, 0, 0, 0, DateTimeKind.Utc);
        return true;
    }

    /// <summary>Hours and minutes, then seconds or not, then whatever a fraction or a zone is made of.</summary>
    private static bool TryTime(ReadOnlySpan<byte> time, ref DateTime moment)
    {
        if (time.Length is < 5 or > LongestTime || time[2] != ':'
            || !TryDigits(time[..2], out var hours) || !TryDigits(time[3..5], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        var seconds = 0;
        var rest = time[5..];
        if (rest.Length >= 3 && rest[0] == ':' && TryDigits(rest[1..3], out seconds))
        {
            rest = rest[3..];
        }

        if (seconds > 60 || rest.IndexOfAnyExcept("0123456789.,:+-Z UTC"u8) >= 0)
        {
            return false;
        }

        moment = moment.AddSeconds((hours * 3600) + (minutes * 60) + Math.Min(seconds, 59));
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return digits.Length is > 0 and <= 4;
    }
}
