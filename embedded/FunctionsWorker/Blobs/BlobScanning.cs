using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>Looks through the containers of the app's blob triggers, on one replica of the app; whichever runs the functions, the queue decides.</summary>
/// <param name="runner">Held by the replica that looks.</param>
/// <param name="scanners">Makes one for each container; anew whenever this replica is the one, for another may have looked since.</param>
internal sealed class BlobScanning(HostLock runner, Func<IReadOnlyList<BlobScanner>> scanners) : Listener
{
    /// <summary>The lock's name in the genuine host, after the host's id.</summary>
    public const string LockName = "WebJobs.Internal.Blobs.Listener";

    public override Task RunAsync(CancellationToken stopping, CancellationToken abandon) =>
        runner.HoldAsync(held => Task.WhenAll(scanners().Select(scanner => scanner.RunAsync(held))), () => { }, stopping);
}
