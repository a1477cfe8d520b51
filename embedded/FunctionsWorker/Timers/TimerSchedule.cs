using System.Globalization;
using NCrontab;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>When a timer fires: an NCRONTAB expression, in UTC, or an interval.</summary>
internal sealed class TimerSchedule
{
    private readonly string _text;
    private readonly CrontabSchedule? _cron;
    private readonly TimeSpan _interval;

    private TimerSchedule(string text, CrontabSchedule? cron, TimeSpan interval)
    {
        _text = text;
        _cron = cron;
        _interval = interval;
    }

    /// <summary>Whether occurrences lie so far apart that a missed one is worth making up for: a minute or more.</summary>
    public bool IsWorthMonitoring => _cron is null
        ? _interval >= TimeSpan.FromMinutes(1)
        : _cron.GetNextOccurrences(DateTime.UnixEpoch, DateTime.UnixEpoch.AddSeconds(61)).Take(2).Count() < 2;

    /// <exception cref="FormatException">The text is neither.</exception>
    public static TimerSchedule Parse(string text)
    {
        if (text.Contains(':'))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
                ? new TimerSchedule(text, null, interval)
                : throw new FormatException($"The schedule '{text}' is not an interval; expected one such as 00:05:00");
        }

        var fields = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
        var cron = CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 });
        return cron is not null && fields is 5 or 6
            ? new TimerSchedule(text, cron, TimeSpan.Zero)
            : throw new FormatException(
                $"The schedule '{text}' is not an NCRONTAB expression; expected six fields, such as '0 */5 * * * *' for every five minutes: "
                + "second, minute, hour, day, month, day of the week");
    }

    /// <summary>The first occurrence after that moment; <see cref="DateTime.MaxValue"/> when there is none.</summary>
    public DateTime Next(DateTime afterUtc) => _cron?.GetNextOccurrence(afterUtc) ?? afterUtc + _interval;

    public override string ToString() => _text;
}
