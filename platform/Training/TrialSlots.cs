namespace Serverless.Platform.Training;

/// <summary>
/// Lets as many trials be fitted at a time in this process as it has processors. More than that finish no sooner: they push each other's rows out of the processors' caches.
/// Those that wait hold no thread.
/// </summary>
public sealed class TrialSlots : IDisposable
{
    private readonly SemaphoreSlim free = new(Environment.ProcessorCount);

    /// <summary>Waits for a slot, which is given back when what is returned is disposed of.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        return new Slot(free);
    }

    public void Dispose() => free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
