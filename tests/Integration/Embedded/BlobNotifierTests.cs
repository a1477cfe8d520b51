using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.FunctionsWorker.Blobs;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>Replicas that look at the same container at once, as they do while a lock passes from one to the other.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class BlobNotifierTests(AzuriteFixture azurite)
{
    private readonly string _name = $"n{Guid.NewGuid():n}"[..28];

    private BlobContainerClient Container => azurite.Blobs.GetBlobContainerClient(_name);

    private BlobContainerClient Hosts => azurite.Blobs.GetBlobContainerClient("azure-webjobs-hosts");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NotifyAsync_OfTwoReplicasThatSeeTheSameBlobs_SendsOneMessageEach()
    {
        var queue = await QueueAsync();
        var versions = await DropAsync("seen by both", 20);
        var (one, other) = (NotifierOf(Guid.NewGuid()), NotifierOf(Guid.NewGuid()));

        await Task.WhenAll(versions.Select(version => NotifyAsync(one, version)).Concat(versions.Select(version => NotifyAsync(other, version))));
        var again = await Task.WhenAll(versions.Select(version => NotifyAsync(other, version)));

        Assert.All(again, told => Assert.True(told == 0));
        Assert.Equal(20, (await queue.GetPropertiesAsync(Cancelled)).Value.ApproximateMessagesCount);
    }

    [Theory]
    [InlineData(true, 30, true)]
    [InlineData(false, 30, false)]
    [InlineData(false, 0, true)]
    public async Task NotifyAsync_ReceiptLeftIncomplete_IsTakenOverBySameReplicaOrWhenAbandoned(bool isSame, int abandonedAfterSeconds, bool isSent)
    {
        var queue = await QueueAsync();
        var version = (await DropAsync("left", 1))[0];
        var crashed = Guid.NewGuid();
        var before = ReceiptsOf(crashed, BlobReceipts.AbandonedAfter);
        var receipt = before.NameOf("Host.Functions.BlobText", _name, version.Name, version.Properties.ETag!.Value.ToString().Trim('"'));
        Assert.Equal(ReceiptHolder.Own, (await before.ClaimAsync(receipt, Cancelled)).Holder);

        var notifier = NotifierOf(isSame ? crashed : Guid.NewGuid(), TimeSpan.FromSeconds(abandonedAfterSeconds));
        await notifier.RecallAsync(Cancelled);
        var told = await NotifyAsync(notifier, version);

        Assert.Equal(isSent, told == 1);
        Assert.Equal(isSent, told is not null);
        Assert.Equal(isSent ? 1 : 0, (await queue.GetPropertiesAsync(Cancelled)).Value.ApproximateMessagesCount);
    }

    private static Task<int?> NotifyAsync(BlobNotifier notifier, BlobItem version) => notifier.NotifyAsync(version, version.Properties.ETag!.Value.ToString().Trim('"'), Cancelled);

    private BlobReceipts ReceiptsOf(Guid replica, TimeSpan abandonedAfter) => new(Hosts, _name, replica, abandonedAfter);

    private BlobNotifier NotifierOf(Guid replica, TimeSpan? abandonedAfter = null)
    {
        var pattern = BlobPattern.Parse($"{_name}/{{name}}");
        var function = new DeclaredFunction("BlobText", typeof(BlobFunctions).GetMethod(nameof(BlobFunctions.Text))!, new BlobTriggerSpec(pattern, null), [], FunctionOutputs.None);
        return new BlobNotifier(
            _name, [(function, pattern)], ReceiptsOf(replica, abandonedAfter ?? BlobReceipts.AbandonedAfter),
            azurite.Queues.GetQueueClient(_name), () => { }, NullLogger.Instance);
    }

    private async Task<QueueClient> QueueAsync()
    {
        await Container.CreateAsync(cancellationToken: Cancelled);
        await Hosts.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        var queue = azurite.Queues.GetQueueClient(_name);
        await queue.CreateAsync(cancellationToken: Cancelled);
        return queue;
    }

    private async Task<IReadOnlyList<BlobItem>> DropAsync(string name, int count)
    {
        for (var number = 0; number < count; number++)
            await Container.GetBlobClient($"{name} {number}").UploadAsync(BinaryData.FromString($"{number}"), Cancelled);
        var items = new List<BlobItem>();
        await foreach (var item in Container.GetBlobsAsync(cancellationToken: Cancelled))
            items.Add(item);
        return items;
    }
}
