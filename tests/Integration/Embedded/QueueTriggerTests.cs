using System.Diagnostics;
using Azure.Storage.Queues;

namespace Serverless.Tests.Integration.Embedded;

[Collection(AzuriteCollection.Name)]
public sealed class QueueTriggerTests(AzuriteFixture azurite)
{
    private readonly string _queue = $"q-{Guid.NewGuid():n}";

    [Fact]
    public async Task Queue_NotThere_IsCreatedAndRead()
    {
        await using var app = await StartAsync("QueueText");
        await Poll.UntilTrueAsync(async () => await Queue.ExistsAsync(), "the queue exists");

        await Queue.SendMessageAsync("hello");

        await Poll.UntilTrueAsync(() => app.Journal.Count("hello#1") == 1, "the message was processed");
        await Poll.UntilTrueAsync(IsEmptyAsync, "the message was deleted");
    }

    [Theory]
    [InlineData("QueueOrder", """{ "id": "a", "QUANTITY": 3 }""", "ax3 QueueOrder 1")]
    [InlineData("QueueRaw", "text", "text True")]
    [InlineData("QueueBytes", "AZ", "415A")]
    public async Task Parameter_OfEachType_GetsTheMessage(string function, string message, string expected)
    {
        await using var app = await StartAsync(function);
        await Queue.CreateIfNotExistsAsync();

        await Queue.SendMessageAsync(message);

        await Poll.UntilTrueAsync(() => app.Journal.Count(expected) == 1, $"'{expected}' was noted");
    }

    [Fact]
    public async Task Message_ThatKeepsFailing_GoesToThePoisonQueueAfterFiveTries()
    {
        var journal = new Journal { Act = (entry, _) => entry.StartsWith("bad", StringComparison.Ordinal) ? throw new InvalidDataException(entry) : Task.CompletedTask };
        await using var app = await StartAsync("QueueText", journal: journal);
        await Queue.CreateIfNotExistsAsync();

        await Queue.SendMessageAsync("bad");
        await Queue.SendMessageAsync("good");

        await Poll.UntilTrueAsync(async () => await Poison.ExistsAsync() && (await Poison.PeekMessagesAsync()).Value.Length == 1, "the poison queue has the message");
        Assert.Equal("bad", (await Poison.PeekMessagesAsync()).Value[0].Body.ToString());
        Assert.Equal(["bad#1", "bad#2", "bad#3", "bad#4", "bad#5"], journal.Entries.Where(entry => entry.StartsWith("bad", StringComparison.Ordinal)));
        Assert.Equal(1, journal.Count("good#1"));
        await Poll.UntilTrueAsync(IsEmptyAsync, "the queue is empty");
    }

    [Fact]
    public async Task Message_ThatIsNotBase64_GoesToThePoisonQueueAtOnceAndStopsNothing()
    {
        await using var app = await StartAsync("QueueText");
        var plain = new QueueServiceClient(azurite.ConnectionString).GetQueueClient(_queue);
        await plain.CreateIfNotExistsAsync();

        await plain.SendMessageAsync("<not base64>");
        await Queue.SendMessageAsync("good");

        var poison = new QueueServiceClient(azurite.ConnectionString).GetQueueClient($"{_queue}-poison");
        await Poll.UntilTrueAsync(() => app.Journal.Count("good#1") == 1, "the next message was processed");
        await Poll.UntilTrueAsync(async () => await poison.ExistsAsync() && (await poison.PeekMessagesAsync()).Value.Length == 1, "the poison queue has the message");
        Assert.Equal("<not base64>", (await poison.PeekMessagesAsync()).Value[0].Body.ToString());
        Assert.Equal(["good#1"], app.Journal.Entries);
    }

    [Fact]
    public async Task Message_ThatIsNotTheTypeExpected_CountsAsFailed()
    {
        await using var app = await StartAsync("QueueOrder", new() { ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "2" });
        await Queue.CreateIfNotExistsAsync();

        await Queue.SendMessageAsync("not json");

        await Poll.UntilTrueAsync(async () => await Poison.ExistsAsync() && (await Poison.PeekMessagesAsync()).Value.Length == 1, "the poison queue has the message");
        Assert.Empty(app.Journal.Entries);
        Assert.Contains(app.Log, line => line.Contains("The message could not be read as Order, which the function 'QueueOrder' expects", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_InHand_AreNeverMoreThanBatchAndThreshold()
    {
        var running = 0;
        var most = 0;
        var release = new TaskCompletionSource();
        var journal = new Journal
        {
            Act = async (_, _) =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await release.Task;
                Interlocked.Decrement(ref running);
            },
        };
        await Queue.CreateIfNotExistsAsync();
        for (var number = 0; number < 12; number++)
            await Queue.SendMessageAsync($"m{number}");

        await using var app = await StartAsync("QueueText", new() { ["AzureFunctionsJobHost:extensions:queues:batchSize"] = "4" }, journal);
        await Poll.UntilTrueAsync(() => Volatile.Read(ref running) == 4, "a batch is in hand");
        release.SetResult();

        await Poll.UntilTrueAsync(() => journal.Entries.Count == 12, "all messages were processed");
        Assert.InRange(most, 4, 6);
        Assert.Equal(12, journal.Entries.Distinct().Count());
    }

    [Fact]
    public async Task Message_InHandForLongerThanItsLease_StaysHidden()
    {
        var release = new TaskCompletionSource();
        var journal = new Journal { Act = async (_, _) => await release.Task };
        await using var app = await StartAsync("QueueText", new() { ["EmbeddedHost:MessageLease"] = "00:00:03" }, journal);
        await Queue.CreateIfNotExistsAsync();
        await Queue.SendMessageAsync("slow");
        await Poll.UntilTrueAsync(() => journal.Count("slow#1") == 1, "the message is in hand");
        var watch = Stopwatch.StartNew();

        await Poll.UntilTrueAsync(async () => !await IsHiddenAsync() || watch.Elapsed > TimeSpan.FromSeconds(7), "more than two leases passed, or the message was seen");

        Assert.True(await IsHiddenAsync(), "the message was seen again although it was in hand");
        release.SetResult();
        await Poll.UntilTrueAsync(IsEmptyAsync, "the message was deleted");
        Assert.Equal(["slow#1"], journal.Entries);
    }

    [Fact]
    public async Task Message_DeletedWhileInHand_IsLeftAlone()
    {
        var journal = new Journal { Act = async (entry, cancellationToken) => await (entry == "first#1" ? Queue.ClearMessagesAsync(cancellationToken) : Task.CompletedTask) };
        await using var app = await StartAsync("QueueText", journal: journal);
        await Queue.CreateIfNotExistsAsync();

        await Queue.SendMessageAsync("first");
        await Poll.UntilTrueAsync(() => app.Log.Any(line => line.Contains("is gone or was taken over by another worker", StringComparison.Ordinal)), "the loss was logged");
        await Queue.SendMessageAsync("second");

        await Poll.UntilTrueAsync(() => journal.Count("second#1") == 1, "the next message was processed");
        Assert.Equal(["first#1", "second#1"], journal.Entries);
        Assert.False(await Poison.ExistsAsync());
    }

    [Theory]
    [InlineData("""{ "id": "o-1", "quantity": 4, "rush": true, "note": null }""", "o-1 4 True none")]
    [InlineData("""{ "id": "o-2" }""", "o-2 -1 False none")]
    public async Task Parameters_NamedAsPropertiesOfTheMessage_TakeThem(string message, string expected)
    {
        await using var app = await StartAsync("QueueProperties");
        await Queue.CreateIfNotExistsAsync();

        await Queue.SendMessageAsync(message);

        await Poll.UntilTrueAsync(() => app.Journal.Count(expected) == 1, $"'{expected}' was noted");
    }

    [Fact]
    public async Task Message_WithoutAValueThatAParameterNeeds_FailsAndSaysWhich()
    {
        await using var app = await StartAsync("QueueNeeds");
        await Queue.CreateIfNotExistsAsync();

        await Queue.SendMessageAsync("{}");

        await Poll.UntilTrueAsync(() => app.Log.Any(line => line.Contains("The parameter 'quantity' of the function 'QueueNeeds' is a Int32, and nothing of that name came", StringComparison.Ordinal)), "the failure was logged");
    }

    private QueueClient Queue => azurite.Queues.GetQueueClient(_queue);

    private QueueClient Poison => azurite.Queues.GetQueueClient($"{_queue}-poison");

    private async Task<bool> IsEmptyAsync() => (await Queue.GetPropertiesAsync()).Value.ApproximateMessagesCount == 0;

    private async Task<bool> IsHiddenAsync() => !await IsEmptyAsync() && (await Queue.PeekMessagesAsync()).Value.Length == 0;

    private Task<TestApp> StartAsync(string function, Dictionary<string, string>? settings = null, Journal? journal = null) =>
        TestApp.StartAsync(azurite, [function], new Dictionary<string, string>(settings ?? []) { ["queue"] = _queue }, journal: journal);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
