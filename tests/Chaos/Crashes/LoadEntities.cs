using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>The entities of the load, and the orchestrations that use them.</summary>
internal static class LoadEntities
{
    private const int Accounts = 5;

    public static void AddTo(TaskHub hub)
    {
        hub.AddEntity("account", (work, _) => work.RunAsync(new Account()));
        hub.AddEntity("tally", (work, _) => work.RunAsync(new Tally()));
        hub.AddOrchestrator("transfers", TransferAsync);
        hub.AddOrchestrator("signals", SignalsAsync);
    }

    /// <summary>Signals the tally of a submission, which must note each item that is acknowledged.</summary>
    public static Task SignalAsync(DurableTaskClient client, string submission, string item, CancellationToken cancellationToken) =>
        client.Entities.SignalEntityAsync(TallyOf(submission), nameof(Tally.Add), item, cancellation: cancellationToken);

    /// <summary>Entities that are locked, or have something to do.</summary>
    public static ValueTask<int> CountBusyAsync(DurableTaskClient client, CancellationToken cancellationToken) =>
        client.Entities.GetAllEntitiesAsync(new EntityQuery { IncludeTransient = true, IncludeState = false, PageSize = 1000 })
            .CountAsync(entity => entity.LockedBy is not null || entity.BacklogQueueSize > 0, cancellationToken);

    private static EntityInstanceId TallyOf(string submission) => new("tally", submission);

    private static EntityInstanceId Numbered(int account) => new("account", (account % Accounts).ToString(CultureInfo.InvariantCulture));

    /// <summary>Moves amounts between accounts, each move under a lock of both, and counts the moves in its tally, by signals.</summary>
    private static async Task<object?> TransferAsync(TaskOrchestrationContext context)
    {
        var size = context.GetInput<int>();
        for (var move = 1; move <= size; move++)
        {
            var (from, to) = (Numbered(size + move), Numbered(size + move + 1 + (move % (Accounts - 1))));
            await using (await context.Entities.LockEntitiesAsync(from, to))
            {
                var balance = await context.Entities.CallEntityAsync<long>(from, nameof(Account.Book), -move);
                if (balance != await context.Entities.CallEntityAsync<long>(from, nameof(Account.Balance)))
                    throw new InvalidOperationException($"The account {from} was changed by another while it was locked.");
                await context.Entities.CallEntityAsync<long>(to, nameof(Account.Book), move);
            }

            await context.Entities.SignalEntityAsync(TallyOf(context.InstanceId), nameof(Tally.Add), $"{move}");
        }

        return (await context.Entities.CallEntityAsync<List<string>>(TallyOf(context.InstanceId), nameof(Tally.Items))).Count;
    }

    /// <summary>Waits until its tally has been sent all its signals, and gives what that has noted.</summary>
    private static async Task<object?> SignalsAsync(TaskOrchestrationContext context)
    {
        await context.WaitForExternalEvent<string>(LoadFunctions.Item);
        return await context.Entities.CallEntityAsync<List<string>>(TallyOf(context.InstanceId), nameof(Tally.Items));
    }

    /// <summary>A balance, and how often it was booked on; all balances together are always zero while nothing is locked.</summary>
    private sealed class Account : TaskEntity<AccountState>
    {
        public long Book(long amount)
        {
            State = new AccountState(State.Sum + amount, State.Bookings + 1);
            return State.Sum;
        }

        public long Balance() => State.Sum;

        protected override AccountState InitializeState(TaskEntityOperation entityOperation) => new(0, 0);
    }

    private sealed record AccountState(long Sum, int Bookings);

    private sealed class Tally : TaskEntity<List<string>>
    {
        public void Add(string item) => State.Add(item);

        public List<string> Items() => State;

        protected override List<string> InitializeState(TaskEntityOperation entityOperation) => [];
    }
}
