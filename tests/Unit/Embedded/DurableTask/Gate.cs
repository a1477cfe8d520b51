namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>Holds an orchestrator's code up within an episode, which in real code nothing may do, so that a test can act meanwhile.</summary>
internal sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _open = new(0);
    private int _arrived;

    /// <summary>Called by the orchestrator: waits until the gate is opened once more.</summary>
    public void Pass()
    {
        Interlocked.Increment(ref _arrived);
        Assert.True(_open.Wait(TestHub.Patience), "The gate was not opened.");
    }

    public void Open() => _open.Release();

    /// <summary>Waits until so many have come to the gate since the beginning.</summary>
    public Task WaitAsync(int arrivals) => Poll.UntilTrueAsync(() => Volatile.Read(ref _arrived) >= arrivals, () => $"{_arrived} came to the gate, not {arrivals}.");

    public void Dispose() => _open.Dispose();
}
