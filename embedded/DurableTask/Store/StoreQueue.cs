namespace Serverless.Embedded.DurableTask.Store;

/// <summary>The steps that wait for the writer, in the order they came.</summary>
internal sealed class StoreQueue
{
    // Not a Lock: the writer sleeps on it.
    private readonly object _gate = new();
    private readonly Queue<StoreStep> _steps = [];
    private bool _isClosed;

    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _isClosed;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _steps.Count == 0;
        }
    }

    /// <returns>False when the queue is closed.</returns>
    public bool TryAdd(StoreStep step)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _steps.Enqueue(step);
            if (_steps.Count == 1)
                Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for steps and takes those that are there.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<StoreStep> batch, int limit)
    {
        lock (_gate)
        {
            while (_steps.Count == 0)
            {
                if (_isClosed)
                    return false;
                Monitor.Wait(_gate);
            }

            while (batch.Count < limit && _steps.TryDequeue(out var step))
                batch.Add(step);
            return true;
        }
    }

    /// <summary>Takes no more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }
}

/// <summary>A step, and what came of it when it was last tried.</summary>
internal sealed class StoreStep(Action<StoreTransaction> run, Action<Exception?> done)
{
    /// <summary>What it means for the dispatchers; null when it was rejected.</summary>
    public StepEffects? Effects { get; private set; }

    /// <summary>Why it has taken no effect, and will not when tried again.</summary>
    public Exception? Rejection { get; private set; }

    public void Run(StoreTransaction transaction)
    {
        (Effects, Rejection) = (null, null);
        transaction.BeginStep();
        run(transaction);
        Effects = transaction.Effects;
    }

    public void Reject(Exception exception) => (Effects, Rejection) = (null, exception);

    public void Done(Exception? fault) => done(fault);
}
