using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>Tells from a timer's stored status whether an occurrence was missed while the app was down.</summary>
internal static class MissedOccurrence
{
    /// <summary>The status to go on with, and whether the timer is past due.</summary>
    public static (ScheduleStatus Status, bool IsPastDue) Check(TimerSchedule schedule, ScheduleStatus? stored, DateTime now)
    {
        if (stored is null)
            return (new ScheduleStatus { Next = schedule.Next(now), LastUpdated = now }, false);

        // Reckoned anew from the last run, for the schedule may have been changed since the status was written.
        var since = stored.Last != default ? stored.Last : stored.LastUpdated != default ? stored.LastUpdated : now;
        var next = schedule.Next(since);
        var status = next == stored.Next ? stored : new ScheduleStatus { Last = stored.Last, Next = next, LastUpdated = stored.LastUpdated };
        return (status, now > next);
    }
}
