namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Watches a service and runs functions for what it finds.</summary>
internal abstract class Listener
{
    /// <summary>
    /// Runs until told to stop taking work, and then until the work in hand is done. It outlives every fault of the service it watches.
    /// </summary>
    /// <param name="stopping">Fires when no more work is to be taken.</param>
    /// <param name="abandon">Fires when work in hand is to be given back unfinished.</param>
    public abstract Task RunAsync(CancellationToken stopping, CancellationToken abandon);

    /// <summary>What runs, or is to run by the time it is now, in a few words; null: nothing.</summary>
    public virtual string? Work => null;

    /// <summary>When it next has work by the clock alone; null when nothing but its service tells.</summary>
    public virtual DateTimeOffset? NextDue => null;
}
