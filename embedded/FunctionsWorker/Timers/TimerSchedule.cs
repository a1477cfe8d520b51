using System.Globalization;
using NCrontab;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>When a timer fires: an NCRONTAB expression, by the clocks of a time zone, or an interval.</summary>
internal sealed class TimerSchedule
{
    private readonly string _text;
    private readonly TimeZoneInfo _zone;
    private readonly CrontabSchedule? _cron;
    private readonly TimeSpan _interval;

    private TimerSchedule(string text, TimeZoneInfo zone, CrontabSchedule? cron, TimeSpan interval)
    {
        _text = text;
        _zone = zone;
        _cron = cron;
        _interval = interval;
        // As the genuine host tells them apart: a schedule whose seconds, minutes or hours are all given means points in time.
        IsInterval = cron is null || cron.ToString().Split(' ') is var fields && fields[..(fields.Length == 6 ? 3 : 2)].Any(field => field.AsSpan().IndexOfAny("*-/") >= 0);
    }

    /// <summary>Whether it means every so often, and not certain times of the day, which come once however clocks are set back.</summary>
    public bool IsInterval { get; }

    /// <summary>Whether occurrences lie so far apart that a missed one is worth making up for. Once a minute is; several times in every minute is not.</summary>
    public bool IsWorthMonitoring => _cron is null
        ? _interval >= TimeSpan.FromMinutes(1)
        : _cron.ToString().Split(' ').Skip(1).Any(part => part != "*")
            || _cron.GetNextOccurrences(DateTime.UnixEpoch, DateTime.UnixEpoch.AddSeconds(61)).Take(2).Count() < 2;

    /// <exception cref="FormatException">The text is neither.</exception>
    public static TimerSchedule Parse(string text, TimeZoneInfo zone)
    {
        var fields = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
        if (CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields != 5 }) is { } cron)
            return new TimerSchedule(text, zone, cron, TimeSpan.Zero);
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero)
            return new TimerSchedule(text, zone, null, interval);
        throw new FormatException(
            $"The schedule '{text}' is neither an NCRONTAB expression nor an interval; expected six fields, such as '0 */5 * * * *' for every five minutes: "
            + "second, minute, hour, day, month, day of the week; or a time span, such as 00:05:00");
    }

    /// <summary>The first occurrence after that moment, UTC; <see cref="DateTime.MaxValue"/> when there is none.</summary>
    public DateTime Next(DateTime afterUtc)
    {
        if (_cron is null)
            return afterUtc + _interval;
        var after = TimeZoneInfo.ConvertTimeFromUtc(afterUtc, _zone);
        // While the hour that comes twice runs for the first time, its second run is ahead, however the clock reads now.
        if (IsInterval && _zone.IsAmbiguousTime(after) && FallBack.From(afterUtc, _zone) is { } fallBack)
        {
            var first = _cron.GetNextOccurrence(after);
            return first < fallBack.WallClockBefore
                ? DateTime.SpecifyKind(first - fallBack.OffsetBefore, DateTimeKind.Utc)
                : Utc(_cron.GetNextOccurrence(fallBack.WallClockAfter.AddTicks(-1)), late: true);
        }

        for (var next = _cron.GetNextOccurrence(after); next < DateTime.MaxValue.AddDays(-1); next = _cron.GetNextOccurrence(next))
        {
            if (Utc(next, late: false) is var early && early > afterUtc)
                return early;
            if (IsInterval && Utc(next, late: true) is var late && late > afterUtc)
                return late;
        }

        return DateTime.MaxValue;
    }

    /// <summary>The moment at which clocks show that time: of two, the one asked for; of none, that which the clocks would have shown had they not been put forward.</summary>
    private DateTime Utc(DateTime wallClock, bool late)
    {
        var offset = !late && _zone.IsAmbiguousTime(wallClock) ? _zone.GetAmbiguousTimeOffsets(wallClock).Max() : _zone.GetUtcOffset(wallClock);
        return DateTime.SpecifyKind(wallClock - offset, DateTimeKind.Utc);
    }

    public override string ToString() => _cron is null || _zone.Equals(TimeZoneInfo.Utc) ? _text : $"{_text}, {_zone.Id}";

    /// <summary>The moment at which clocks are put back.</summary>
    private sealed record FallBack(DateTime WallClockBefore, TimeSpan OffsetBefore, DateTime WallClockAfter)
    {
        /// <summary>The one that ends the hour which comes twice, if it is still ahead of that moment.</summary>
        public static FallBack? From(DateTime utc, TimeZoneInfo zone)
        {
            var (low, high) = (utc, utc.AddDays(1));
            var before = zone.GetUtcOffset(low);
            if (zone.GetUtcOffset(high) >= before || before != zone.GetAmbiguousTimeOffsets(TimeZoneInfo.ConvertTimeFromUtc(utc, zone)).Max())
                return null;
            while (high - low > TimeSpan.FromTicks(1))
            {
                var middle = low + ((high - low) / 2);
                (low, high) = zone.GetUtcOffset(middle) == before ? (middle, high) : (low, middle);
            }

            return new FallBack(WallClock(before), before, WallClock(zone.GetUtcOffset(high)));

            DateTime WallClock(TimeSpan offset) => DateTime.SpecifyKind(high + offset, DateTimeKind.Unspecified);
        }
    }
}
