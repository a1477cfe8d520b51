namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>
/// Runs an orchestrator's code on one thread at a time: awaits and continuations come back to it, and what comes from elsewhere
/// is not run but noted, because a replay could not repeat it.
/// </summary>
internal sealed class EpisodePump : TaskScheduler
{
    private readonly Queue<Task> _queued = [];
    private readonly Action _foreignWork;
    private int _ownerThread;
    private volatile bool _sawForeignWork;

    /// <param name="foreignWork">Called, on any thread, when something outside the orchestration tries to resume its code.</param>
    public EpisodePump(Action foreignWork) => _foreignWork = foreignWork;

    public bool IsCurrent => Volatile.Read(ref _ownerThread) == Environment.CurrentManagedThreadId;

    public bool SawForeignWork => _sawForeignWork;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Whether the caller is the orchestration's own code; if not, that is noted.</summary>
    public bool CheckCurrent()
    {
        if (!IsCurrent)
            NoteForeignWork();
        return IsCurrent;
    }

    /// <summary>Runs the action, then all that it sets going, until nothing is left to run.</summary>
    public void Run(Action action)
    {
        var previous = SynchronizationContext.Current;
        Volatile.Write(ref _ownerThread, Environment.CurrentManagedThreadId);

        // Without a synchronisation context awaits come back to the scheduler, as ContinueWith does.
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var first = new Task(action);
            first.RunSynchronously(this);
            while (_queued.TryDequeue(out var task))
                TryExecuteTask(task);
            first.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
            Volatile.Write(ref _ownerThread, 0);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (CheckCurrent())
            _queued.Enqueue(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && IsCurrent && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _queued];

    private void NoteForeignWork()
    {
        _sawForeignWork = true;
        _foreignWork();
    }
}
