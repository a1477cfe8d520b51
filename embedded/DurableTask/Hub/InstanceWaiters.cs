namespace Serverless.Embedded.DurableTask;

/// <summary>Wakes those who wait for an instance to change.</summary>
internal sealed class InstanceWaiters
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<TaskCompletionSource>> _waiters = [];
    private bool _isClosed;

    /// <summary>Reads until the result is not null, anew each time the instance has changed.</summary>
    /// <exception cref="ObjectDisposedException">The hub was stopped.</exception>
    public async Task<T> WaitAsync<T>(string instanceId, Func<T?> read, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            // Registered before reading, so that a change in between is not missed.
            var changed = Register(instanceId);
            try
            {
                if (read() is { } result)
                    return result;
                await changed.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                Remove(instanceId, changed);
            }
        }
    }

    public void Signal(string instanceId)
    {
        List<TaskCompletionSource>? waiters;
        lock (_lock)
            _waiters.Remove(instanceId, out waiters);
        waiters?.ForEach(waiter => waiter.TrySetResult());
    }

    public void Close()
    {
        List<TaskCompletionSource> waiters;
        lock (_lock)
        {
            _isClosed = true;
            waiters = [.. _waiters.Values.SelectMany(list => list)];
            _waiters.Clear();
        }

        waiters.ForEach(Refuse);
    }

    private static void Refuse(TaskCompletionSource waiter) =>
        waiter.TrySetException(new ObjectDisposedException(nameof(TaskHub), "The task hub was stopped while an instance was waited for. Wait again after its restart."));

    private TaskCompletionSource Register(string instanceId)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isClosed)
            {
                Refuse(waiter);
            }
            else
            {
                if (!_waiters.TryGetValue(instanceId, out var waiters))
                    _waiters[instanceId] = waiters = [];
                waiters.Add(waiter);
            }
        }

        return waiter;
    }

    private void Remove(string instanceId, TaskCompletionSource waiter)
    {
        lock (_lock)
        {
            if (_waiters.TryGetValue(instanceId, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0)
                _waiters.Remove(instanceId);
        }
    }
}
