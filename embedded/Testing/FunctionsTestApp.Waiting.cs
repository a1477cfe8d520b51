using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.FunctionsWorker.Blobs;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Invocations;
using Serverless.Embedded.FunctionsWorker.Timers;

namespace Serverless.Embedded.Testing;

/// <summary>Moving time, and waiting for what is to come about. Waits are of real time, up to <see cref="FunctionsTestOptions.Patience"/>.</summary>
public sealed partial class FunctionsTestApp
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Moves time forward as if it passed: it stops at the time of each durable timer and at each occurrence of each schedule, those included that are set meanwhile,
    /// and goes on when what they set going has come to rest. A day at once is thus the same as 24 hours one by one; of a schedule that is due every second it
    /// makes 86,400 runs. Work that itself waits for the clock comes to no rest: <see cref="TestClock.Advance"/> moves time without waiting for any.
    /// </summary>
    /// <exception cref="TimeoutException">Work did not come to rest in time; the message says what still runs, and time stands where it was.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative; see <see cref="TestClock.Shift"/>.</exception>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        var reached = Clock.GetUtcNow();
        var end = reached + by;
        // What came due since the stop before, by the clock itself, is a stop as any other.
        while (NextStop(reached) is { } stop && stop <= end)
        {
            AdvanceTo(stop);
            reached = stop;
            await SettleAsync(cancellationToken).ConfigureAwait(false);
        }

        AdvanceTo(end);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until an orchestration is over, and gives it with input and output. It need not have been started yet.</summary>
    /// <exception cref="TimeoutException">It was not over in time; the message says how far it came, and what was logged last.</exception>
    public async Task<OrchestrationMetadata> WaitForInstanceAsync(string instanceId, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? last = null;
        return await WaitAsync(
            async token => (last = await Durable.GetInstanceAsync(instanceId, getInputsAndOutputs: true, token).ConfigureAwait(false)) is { IsCompleted: true } ? last : null,
            () => $"orchestration {instanceId} to be over; it {(last is null ? "was never started" : $"is {last.RuntimeStatus}")}",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for an orchestration that fits, in whatever state, and gives it with input and output.</summary>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public Task<OrchestrationMetadata> WaitForInstanceAsync(Func<OrchestrationMetadata, bool> fits, CancellationToken cancellationToken) => WaitAsync(
        async token =>
        {
            await foreach (var instance in Durable.GetAllInstancesAsync(new OrchestrationQuery { FetchInputsAndOutputs = true }).WithCancellation(token).ConfigureAwait(false))
            {
                if (fits(instance))
                    return instance;
            }

            return null;
        },
        () => "an orchestration that fits",
        cancellationToken);

    /// <summary>Waits until a queue holds no message, neither waiting nor in hand.</summary>
    /// <returns>How many messages lie in its poison queue.</returns>
    /// <exception cref="TimeoutException">It does not exist, or was not empty in time.</exception>
    public async Task<int> WaitForQueueDrainedAsync(string queue, CancellationToken cancellationToken)
    {
        int? left = null;
        await WaitUntilAsync(
            async token => (left = await CountAsync(Storage.Queues.GetQueueClient(queue), token).ConfigureAwait(false)) == 0,
            () => $"queue {queue} to be drained; {(left is null ? "it does not exist" : $"it holds {left} messages")}",
            cancellationToken).ConfigureAwait(false);
        return await CountAsync(Storage.Queues.GetQueueClient($"{queue}-poison"), cancellationToken).ConfigureAwait(false) ?? 0;
    }

    /// <summary>
    /// Waits until nothing is left to do by now: no function runs for a trigger, no orchestration can go on, and the triggers' queues are empty. A blob is not counted
    /// before its trigger has found it, which takes up to a second.
    /// </summary>
    public Task WaitForIdleAsync(CancellationToken cancellationToken)
    {
        var passes = 0;
        // Twice, for a message may be sent to a queue after that was looked at.
        return WaitUntilAsync(async token => (passes = await IsIdleAsync(token).ConfigureAwait(false) ? passes + 1 : 0) == 2, () => "the app to have nothing to do", cancellationToken);
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="awaited">What is waited for, for the message: "the order to be shipped".</param>
    /// <exception cref="TimeoutException">It did not hold in time; the message ends with what was logged last.</exception>
    public Task WaitUntilAsync(Func<CancellationToken, Task<bool>> condition, string awaited, CancellationToken cancellationToken) =>
        WaitUntilAsync(condition, () => awaited, cancellationToken);

    /// <summary>Runs a function with a timer trigger once, now, whatever its schedule; returns when it has run, and throws what it throws.</summary>
    /// <exception cref="TestAppException">The app has no such function.</exception>
    public async Task RunTimerAsync(string function, CancellationToken cancellationToken)
    {
        var timers = Services.GetRequiredService<FunctionCatalog>().TriggeredBy<TimerTriggerSpec>().ToList();
        var index = timers.FindIndex(timer => timer.Function.Name.Equals(function, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            throw new TestAppException(
                $"{_app.App.Name} has no function '{function}' with a timer trigger. It has {(timers.Count == 0 ? "none" : string.Join(", ", timers.Select(timer => timer.Function.Name)))}.");
        }

        var (found, trigger) = timers[index];
        var info = await Services.GetRequiredService<TimerStatuses>().ReadAsync(found.Id, trigger, cancellationToken).ConfigureAwait(false);
        await Services.GetRequiredService<FunctionInvoker>().InvokeAsync(found, new TriggerPayload(info, "Run by a test"), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int?> CountAsync(QueueClient queue, CancellationToken cancellationToken)
    {
        try
        {
            QueueProperties properties = await queue.GetPropertiesAsync(cancellationToken).ConfigureAwait(false);
            return properties.ApproximateMessagesCount;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return null;
        }
    }

    /// <summary>When something is next due by the clock, later than that.</summary>
    private DateTimeOffset? NextStop(DateTimeOffset after) => Run.Host.NextSchedules
        .Concat(Run.Host.NextDurableTimer is { } timer ? [timer] : [])
        .Where(due => due > after)
        .Select(due => (DateTimeOffset?)due)
        .Min();

    private void AdvanceTo(DateTimeOffset time)
    {
        var by = time - Clock.GetUtcNow();
        if (by > TimeSpan.Zero)
            Clock.Advance(by);
    }

    /// <summary>Waits for work in hand, however slow the machine: were it overtaken by the clock, what is due next would seem late.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Run.Host.HasWork)
        {
            if (TimeProvider.System.GetElapsedTime(began) > _options.Patience && Run.Host.Work.ToList() is { Count: > 0 } work)
            {
                throw new TimeoutException(
                    $"Waited {_options.Patience} at {Clock.GetUtcNow():u} for work to come to rest before time moves on; still in hand: {string.Join("; ", work)}. "
                        + $"Work that waits for the clock needs TestClock.Advance instead. The log ends with:{Environment.NewLine}{Log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        var host = Run.Host;
        if (host.HasWork)
            return false;
        foreach (var queue in TriggerQueues())
        {
            if (await CountAsync(queue, cancellationToken).ConfigureAwait(false) > 0)
                return false;
        }

        return !host.HasWork;
    }

    private IEnumerable<QueueClient> TriggerQueues()
    {
        var (functions, accounts) = (Services.GetRequiredService<FunctionCatalog>(), Services.GetRequiredService<StorageAccounts>());
        foreach (var (_, trigger) in functions.TriggeredBy<QueueTriggerSpec>())
            yield return accounts.Get(trigger.Connection).Queues.GetQueueClient(trigger.Queue);
        if (functions.TriggeredBy<BlobTriggerSpec>().Any())
            yield return accounts.Host.Queues.GetQueueClient(BlobTriggerQueue.NameFor(Services.GetRequiredService<HostSettings>().HostId));
    }

    private Task WaitUntilAsync(Func<CancellationToken, Task<bool>> condition, Func<string> awaited, CancellationToken cancellationToken) =>
        WaitAsync<object>(async token => await condition(token).ConfigureAwait(false) ? this : null, awaited, cancellationToken);

    private async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T?>> probe, Func<string> awaited, CancellationToken cancellationToken)
        where T : class
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await probe(cancellationToken).ConfigureAwait(false) is { } value)
                return value;
            if (TimeProvider.System.GetElapsedTime(began) > _options.Patience)
                throw new TimeoutException($"Waited {_options.Patience} for {awaited()}. The log ends with:{Environment.NewLine}{Log}");
            await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }
}
