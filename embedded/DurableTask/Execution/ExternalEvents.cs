using Microsoft.DurableTask;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>
/// Matches events with those who wait for them, by name without regard to case. Early events are kept in the order of arrival. Of several
/// waiters the latest is served first, so that one abandoned in a loop of WhenAny takes no event away.
/// </summary>
/// <param name="converter">Reads the events' data.</param>
/// <param name="checkCurrent">Whether the caller is the orchestration's own code.</param>
internal sealed class ExternalEvents(DataConverter converter, Func<bool> checkCurrent)
{
    private readonly Dictionary<string, List<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<(long Arrival, string? Data)>> _early = new(StringComparer.OrdinalIgnoreCase);
    private long _arrivals;

    public bool HasWaiters => _waiters.Count > 0;

    public Task<T> Wait<T>(string name, CancellationToken cancellationToken)
    {
        ThrowIfTypeDiffers(name, typeof(T));
        var completion = new TaskCompletionSource<T>();
        if (cancellationToken.IsCancellationRequested)
        {
            completion.SetCanceled(cancellationToken);
        }
        else if (_early.TryGetValue(name, out var queue))
        {
            Complete(completion, queue.Dequeue().Data);
            if (queue.Count == 0)
                _early.Remove(name);
        }
        else
        {
            Add(name, completion, cancellationToken);
        }

        return completion.Task;
    }

    public void Raise(string name, string? data)
    {
        if (_waiters.TryGetValue(name, out var waiters))
        {
            var latest = waiters[^1];
            Remove(name, latest);
            latest.Complete(data);
            return;
        }

        if (!_early.TryGetValue(name, out var queue))
            _early[name] = queue = [];
        queue.Enqueue((_arrivals++, data));
    }

    /// <summary>Takes all events that nobody has waited for, in the order of their arrival.</summary>
    public IReadOnlyList<(string Name, string? Data)> TakeEarly()
    {
        var taken = _early
            .SelectMany(entry => entry.Value.Select(item => (item.Arrival, Name: entry.Key, item.Data)))
            .OrderBy(item => item.Arrival)
            .Select(item => (item.Name, item.Data))
            .ToList();
        _early.Clear();
        return taken;
    }

    private void Add<T>(string name, TaskCompletionSource<T> completion, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(typeof(T), data => Complete(completion, data));
        if (!_waiters.TryGetValue(name, out var waiters))
            _waiters[name] = waiters = [];
        waiters.Add(waiter);
        if (!cancellationToken.CanBeCanceled)
            return;
        waiter.Cancellation = cancellationToken.Register(() =>
        {
            if (!checkCurrent())
                return;
            Remove(name, waiter);
            completion.TrySetCanceled(cancellationToken);
        });
    }

    private void Remove(string name, Waiter waiter)
    {
        waiter.Cancellation.Unregister();
        if (_waiters.TryGetValue(name, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0)
            _waiters.Remove(name);
    }

    private void Complete<T>(TaskCompletionSource<T> completion, string? data)
    {
        T value;
        try
        {
            value = converter.Deserialize<T>(data)!;
        }
        catch (Exception exception)
        {
            completion.SetException(exception);
            return;
        }

        completion.SetResult(value);
    }

    private void ThrowIfTypeDiffers(string name, Type type)
    {
        if (_waiters.TryGetValue(name, out var waiters) && waiters[^1].Type != type)
        {
            throw new ArgumentException(
                $"The event '{name}' is already awaited as {waiters[^1].Type} and now as {type}. All waiters for one event name must ask for the same type.");
        }
    }

    private sealed class Waiter(Type type, Action<string?> complete)
    {
        public Type Type => type;

        public CancellationTokenRegistration Cancellation { get; set; }

        public void Complete(string? data) => complete(data);
    }
}
