using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>Wakes those who wait for an instance to reach a status.</summary>
internal sealed class InstanceWaiters
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Waiter>> _waiters = [];
    private bool _isClosed;

    /// <summary>Looks until there is nothing more to wait for, anew each time the instance has changed to a status that is waited for.</summary>
    /// <exception cref="ObjectDisposedException">The hub was stopped.</exception>
    public async Task WaitAsync(string instanceId, Func<OrchestrationRuntimeStatus, bool> isReached, Func<bool> look, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Registered before looking, so that a change in between is not missed.
            var waiter = Register(instanceId, isReached);
            try
            {
                if (look())
                    return;
                await waiter.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                Remove(instanceId, waiter);
            }
        }
    }

    public void Signal(StatusChange change)
    {
        List<Waiter> woken;
        lock (_lock)
        {
            if (!_waiters.TryGetValue(change.InstanceId, out var waiters))
                return;
            woken = waiters.FindAll(waiter => waiter.IsReached(change.Status));
        }

        woken.ForEach(waiter => waiter.TrySetResult());
    }

    public void Close()
    {
        List<Waiter> waiters;
        lock (_lock)
        {
            _isClosed = true;
            waiters = [.. _waiters.Values.SelectMany(list => list)];
            _waiters.Clear();
        }

        waiters.ForEach(Refuse);
    }

    private static void Refuse(Waiter waiter) =>
        waiter.TrySetException(new ObjectDisposedException(nameof(TaskHub), "The task hub was stopped while an instance was waited for. Wait again after its restart."));

    private Waiter Register(string instanceId, Func<OrchestrationRuntimeStatus, bool> isReached)
    {
        var waiter = new Waiter(isReached);
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

    private void Remove(string instanceId, Waiter waiter)
    {
        lock (_lock)
        {
            if (_waiters.TryGetValue(instanceId, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0)
                _waiters.Remove(instanceId);
        }
    }

    private sealed class Waiter(Func<OrchestrationRuntimeStatus, bool> isReached) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool IsReached(OrchestrationRuntimeStatus status) => isReached(status);
    }
}
