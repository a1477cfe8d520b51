using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>Puts load on a hub of this process and notes what is acknowledged.</summary>
internal sealed class LoadClient(DurableTaskClient client)
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromMilliseconds(20);

    /// <summary>Some orchestrations of every kind, of sizes that the seed gives.</summary>
    public static IReadOnlyList<Submission> Draw(int ofEachKind, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, ofEachKind).SelectMany(i => LoadKind.All.Select(
                kind => new Submission($"{kind.Name}-{i}", kind, random.Next(1, kind.Largest + 1)))),
        ];
    }

    /// <summary>Starts them all, sends their events, and waits until they are over and no entity is locked or busy.</summary>
    public async Task RunAsync(IReadOnlyList<Submission> submissions, CancellationToken cancellationToken)
    {
        await Task.WhenAll(submissions.Select(submission => RunAsync(submission, cancellationToken)));
        while (!await AreEntitiesAtRestAsync(cancellationToken))
            await Task.Delay(AfterFault, TimeProvider.System, cancellationToken);
    }

    private async Task RunAsync(Submission submission, CancellationToken cancellationToken)
    {
        var input = submission.Kind.Input(submission.Size);
        await client.ScheduleNewOrchestrationInstanceAsync(submission.Kind.Name, input, new StartOrchestrationOptions(submission.Id), cancellationToken);
        submission.IsStarted = true;
        while (!submission.IsFed)
        {
            var item = submission.NextItem();
            await (submission.IsSignal(item)
                ? LoadEntities.SignalAsync(client, submission.Id, item, cancellationToken)
                : client.RaiseEventAsync(submission.Id, LoadFunctions.Item, item, cancellationToken));
            submission.Acknowledge(item);
        }

        while (!await IsOverAsync(submission.Id, cancellationToken))
            await Task.Delay(AfterFault, TimeProvider.System, cancellationToken);
    }

    /// <summary>Waits for the end; false when the disk did not let it be seen.</summary>
    private async Task<bool> IsOverAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.WaitForInstanceCompletionAsync(id, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>False also when the disk did not let it be seen.</summary>
    private async Task<bool> AreEntitiesAtRestAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LoadEntities.CountBusyAsync(client, cancellationToken) == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
