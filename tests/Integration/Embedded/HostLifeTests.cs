using System.Diagnostics;
using System.Net;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>Each test stops and starts an Azurite of its own, or the app in the middle of work.</summary>
public sealed class HostLifeTests : IAsyncLifetime
{
    private readonly AzuriteFixture _azurite = new();

    public ValueTask InitializeAsync() => _azurite.InitializeAsync();

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    [Fact]
    public async Task Start_StorageNotUpYet_ServesHttpAndTakesWorkOnceItIs()
    {
        await _azurite.StopAsync();
        await using var app = await TestApp.StartAsync(
            _azurite, ["QueueText", "BlobText", "Hello", "TickAtStart"], new() { ["queue"] = "orders", ["container"] = "files" });

        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/api/hello")).StatusCode);
        await Poll.UntilTrueAsync(() => app.Log.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("Queue orders cannot be read", StringComparison.Ordinal)), "the fault was logged");

        await _azurite.StartAsync();
        var queue = _azurite.Queues.GetQueueClient("orders");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync("hello");
        await _azurite.Blobs.GetBlobContainerClient("files").CreateIfNotExistsAsync();
        await _azurite.Blobs.GetBlobContainerClient("files").GetBlobClient("a").UploadAsync(BinaryData.FromString("1"));

        await Poll.UntilTrueAsync(() => app.Journal.Count("hello#1") == 1, "the message was processed", TimeSpan.FromSeconds(60));
        await Poll.UntilTrueAsync(() => app.Journal.Count("a=1") == 1, "the blob was processed", TimeSpan.FromSeconds(60));
        await Poll.UntilTrueAsync(() => app.Journal.Count("start False") == 1, "the timer fired", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Stop_WorkInHand_IsFinishedAndNoMoreIsTaken()
    {
        var release = new TaskCompletionSource();
        var journal = new Journal { Act = async (_, _) => await release.Task };
        var queue = _azurite.Queues.GetQueueClient("orders");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync("first");
        await using var app = await TestApp.StartAsync(
            _azurite, ["QueueText"], new() { ["queue"] = "orders", ["AzureFunctionsJobHost:extensions:queues:batchSize"] = "1" }, journal: journal);
        await Poll.UntilTrueAsync(() => journal.Entries.Count == 1, "the first message is in hand");

        var stopping = app.StopAsync();
        await Poll.UntilTrueAsync(() => app.Log.Any(line => line.Contains("Stopping: no more work is taken", StringComparison.Ordinal)), "the host is stopping");
        await queue.SendMessageAsync("second");
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;

        Assert.Equal(["first#1"], journal.Entries);
        Assert.Equal("second", Assert.Single((await queue.ReceiveMessagesAsync(32)).Value).Body.ToString());
    }

    [Fact]
    public async Task Stop_WorkThatDoesNotFinish_IsGivenBackAtOnce()
    {
        var journal = new Journal { Act = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken) };
        var queue = _azurite.Queues.GetQueueClient("orders");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync("endless");
        await using var app = await TestApp.StartAsync(
            _azurite, ["QueueText"], new() { ["queue"] = "orders", ["EmbeddedHost:DrainTimeout"] = "00:00:01", ["EmbeddedHost:MessageLease"] = "00:10:00" }, journal: journal);
        await Poll.UntilTrueAsync(() => journal.Entries.Count == 1, "the message is in hand");
        var watch = Stopwatch.StartNew();

        await app.StopAsync();

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        Assert.Equal("endless", Assert.Single((await queue.ReceiveMessagesAsync(32)).Value).Body.ToString());
        Assert.False(await _azurite.Queues.GetQueueClient("orders-poison").ExistsAsync());
    }

    [Fact]
    public async Task FunctionTimeout_Passed_FailsTheInvocation()
    {
        var journal = new Journal { Act = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken) };
        var queue = _azurite.Queues.GetQueueClient("orders");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync("endless");
        await using var app = await TestApp.StartAsync(
            _azurite,
            ["QueueText"],
            new() { ["queue"] = "orders", ["AzureFunctionsJobHost:functionTimeout"] = "00:00:01", ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "1" },
            journal: journal);

        var poison = _azurite.Queues.GetQueueClient("orders-poison");
        await Poll.UntilTrueAsync(async () => await poison.ExistsAsync() && (await poison.PeekMessagesAsync()).Value.Length == 1, "the message went to the poison queue");
        Assert.Contains(app.Log, line => line.Contains("ran longer than functionTimeout allows", StringComparison.Ordinal));
    }
}
