using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>Tells from a timer's stored status whether an occurrence was missed while the app was down. All times are UTC.</summary>
internal static class MissedOccurrence
{
    /// <summary>The status to go on with, and whether the timer is past due.</summary>
    public static (ScheduleStatus Status, bool IsPastDue) Check(TimerSchedule schedule, ScheduleStatus? stored, DateTime now)
    {
        if (stored is null)
            return (new ScheduleStatus { Next = schedule.Next(now), LastUpdated = now }, false);

        var since = stored.Last != default ? stored.Last : stored.LastUpdated != default ? stored.LastUpdated : now;
        // The clock was put back since: what runs every so often goes on by the clock as it is.
        if (since > now && schedule.IsInterval)
            return (new ScheduleStatus { Last = stored.Last, Next = schedule.Next(now), LastUpdated = now }, false);

        var next = schedule.Next(since);
        if (next == stored.Next)
            return (stored, now > next);
        // The schedule was changed since: nothing of the new one was missed while it was not there.
        return now > next
            ? (new ScheduleStatus { Next = schedule.Next(now), LastUpdated = now }, false)
            : (new ScheduleStatus { Next = next, LastUpdated = since }, false);
    }
}
