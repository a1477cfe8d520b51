namespace Serverless.Embedded.DurableTask;

/// <summary>Holds messages, by their numbers, until they take effect. They are in the store too, so that nothing depends on this being kept.</summary>
internal sealed class DurableTimers<TMessage> : IDisposable
{
    // A longer wait is taken in steps of this: a clock that is set anew does not move the timers that run, so it is looked at after each.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(1);

    // Withdrawn messages beyond which the order is rid of them before their time.
    private const int WithdrawnLimit = 1000;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<long, DateTime> _order = new();
    private readonly Dictionary<long, TMessage> _waiting = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _longestStep;
    private readonly Action<TMessage> _deliver;
    private readonly ITimer _timer;
    private bool _isStopped;

    public DurableTimers(TimeProvider time, Action<TMessage> deliver)
        : this(time, deliver, LongestStep)
    {
    }

    public DurableTimers(TimeProvider time, Action<TMessage> deliver, TimeSpan longestStep)
    {
        _longestStep = longestStep;
        _time = time;
        _deliver = deliver;
        _timer = time.CreateTimer(_ => DeliverDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(long messageId, TMessage message, DateTime dueAt)
    {
        lock (_lock)
        {
            _waiting[messageId] = message;
            _order.Enqueue(messageId, dueAt);
            if (_order.Peek() == messageId)
                Arm();
        }
    }

    public void Remove(long messageId)
    {
        lock (_lock)
        {
            _waiting.Remove(messageId);
            if (_order.Count - _waiting.Count <= WithdrawnLimit + _waiting.Count)
                return;
            var left = _order.UnorderedItems.Where(item => _waiting.ContainsKey(item.Element)).ToList();
            _order.Clear();
            _order.EnqueueRange(left);
        }
    }

    public void Stop()
    {
        lock (_lock)
            _isStopped = true;
    }

    public void Dispose()
    {
        Stop();
        _timer.Dispose();
    }

    private void DeliverDue()
    {
        List<TMessage> due = [];
        lock (_lock)
        {
            if (_isStopped)
                return;
            while (_order.TryPeek(out var id, out var dueAt) && (dueAt <= _time.GetUtcNow().UtcDateTime || !_waiting.ContainsKey(id)))
            {
                _order.Dequeue();
                if (_waiting.Remove(id, out var message))
                    due.Add(message);
            }

            Arm();
        }

        due.ForEach(_deliver);
    }

    private void Arm()
    {
        if (_isStopped || !_order.TryPeek(out _, out var dueAt))
            return;
        var wait = dueAt - _time.GetUtcNow().UtcDateTime;

        // Rounded up to the clock's step: a timer that rings a little early would only be set again.
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(wait.TotalMilliseconds, _longestStep.TotalMilliseconds)));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
