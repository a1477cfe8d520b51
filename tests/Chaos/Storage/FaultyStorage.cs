using System.Collections.Concurrent;

namespace Serverless.Tests.Chaos.Storage;

/// <summary>A proxy in front of a storage account of Azurite, whose requests can be made to fail.</summary>
public sealed class FaultyStorage : IAsyncDisposable
{
    private static readonly IReadOnlyList<StorageFault> All = [.. Enum.GetValues<StorageFault>().Where(fault => fault != StorageFault.None)];

    private readonly ConcurrentQueue<FailedRequest> _failed = [];
    private readonly List<StorageForwarder> _forwarders = [];
    private Func<StorageRequest, StorageFault> _fault = static _ => StorageFault.None;

    private FaultyStorage(string connectionString) => ConnectionString = connectionString;

    /// <summary>The account by way of the proxy.</summary>
    public string ConnectionString { get; private set; }

    /// <summary>The requests that were made to fail, in the order they came.</summary>
    public IReadOnlyCollection<FailedRequest> Failed => _failed;

    /// <param name="connectionString">The account's own, with the addresses of its blobs and queues.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<FaultyStorage> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        var storage = new FaultyStorage(connectionString);
        var parts = connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Split('=', 2) is not [("BlobEndpoint" or "QueueEndpoint") and var name, var address])
                continue;
            var target = new Uri(address);
            var forwarder = await StorageForwarder.StartAsync(target, storage.Check, cancellationToken);
            storage._forwarders.Add(forwarder);
            parts[i] = $"{name}={new Uri(forwarder.Address, target.AbsolutePath)}";
        }

        if (storage._forwarders.Count != 2)
            throw new ArgumentException("The connection string names no BlobEndpoint or no QueueEndpoint.", nameof(connectionString));
        storage.ConnectionString = string.Join(';', parts);
        return storage;
    }

    /// <summary>Asks <paramref name="fault"/> at each request, on whichever thread serves it.</summary>
    public void Break(Func<StorageRequest, StorageFault> fault) => Volatile.Write(ref _fault, fault);

    /// <summary>A share of all requests fails, in every way in turn by chance.</summary>
    public void BreakAtRandom(double share, int seed)
    {
        var random = new Random(seed);
        Break(_ =>
        {
            lock (random)
                return random.NextDouble() < share ? All[random.Next(All.Count)] : StorageFault.None;
        });
    }

    /// <summary>From now on nothing fails.</summary>
    public void Mend() => Break(static _ => StorageFault.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var forwarder in _forwarders)
            await forwarder.DisposeAsync();
    }

    private StorageFault Check(StorageRequest request)
    {
        var fault = Volatile.Read(ref _fault)(request);
        if (fault != StorageFault.None)
            _failed.Enqueue(new FailedRequest(request, fault));
        return fault;
    }
}
