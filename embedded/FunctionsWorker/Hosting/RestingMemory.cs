using Microsoft.Extensions.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>
/// Gives memory back once the process rests. The runtime collects when much has been allocated, which at rest takes hours: until then a host
/// that has had one busy minute, or has only polled, holds all that it ever needed.
/// </summary>
/// <param name="interval">How long less than <see cref="RestingBytes"/> have to be allocated for the process to be at rest.</param>
internal sealed class RestingMemory(TimeSpan interval) : BackgroundService
{
    public static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(10);

    private const long MegaByte = 1 << 20;

    /// <summary>Polling allocates a tenth of this, one slow request after another more.</summary>
    private const long RestingBytes = 4 * MegaByte;

    private const long LeastGarbage = 4 * MegaByte;

    private long _collectedAt;
    private long _kept;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Of the process and of the machine's clock, whatever clock an app is tested by.
        using var timer = new PeriodicTimer(interval);
        var before = GC.GetTotalAllocatedBytes();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = GC.GetTotalAllocatedBytes();
                if (now - before < RestingBytes && IsWorthIt(now))
                    Collect(now);
                before = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>A collection costs by what is kept, so it comes as seldom as garbage of that size does.</summary>
    private bool IsWorthIt(long allocated) => allocated - _collectedAt >= Math.Max(LeastGarbage, _kept);

    private void Collect(long allocated)
    {
        // The mode that also returns to the system what the collector would keep for the next burst.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _collectedAt = allocated;
        _kept = GC.GetTotalMemory(forceFullCollection: false);
    }
}
