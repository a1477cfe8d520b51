using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>The status of each timer that is monitored.</summary>
internal sealed class TimerStatuses(StorageAccounts accounts, HostSettings settings, TimeProvider time)
{
    /// <summary>Where a timer's status is kept; null where it is not.</summary>
    public TimerStatusStore? StoreOf(TimerTriggerSpec trigger) => trigger.Monitored && accounts.HasHost
        ? new TimerStatusStore(accounts.Host.Blobs.GetBlobContainerClient(ListenerFactory.HostsContainer), settings.HostId)
        : null;

    /// <summary>What a run by hand is given: the status as it is stored, which the run does not change.</summary>
    public async Task<TimerInfo> ReadAsync(string functionId, TimerTriggerSpec trigger, CancellationToken cancellationToken)
    {
        if (!trigger.Monitored)
            return new TimerInfo();
        var stored = StoreOf(trigger) is { } store ? await store.ReadAsync(functionId, cancellationToken) : null;
        return new TimerInfo { ScheduleStatus = Local(stored ?? MissedOccurrence.Check(trigger.Schedule, null, time.GetUtcNow().UtcDateTime).Status) };
    }

    /// <summary>As the genuine worker reads it from the host's message: in the process's own time.</summary>
    public static ScheduleStatus Local(ScheduleStatus utc) => new()
    {
        Last = utc.Last == default ? default : utc.Last.ToLocalTime(),
        Next = utc.Next == DateTime.MaxValue ? utc.Next : utc.Next.ToLocalTime(),
        LastUpdated = utc.LastUpdated == default ? default : utc.LastUpdated.ToLocalTime(),
    };
}
