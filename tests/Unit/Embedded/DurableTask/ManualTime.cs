namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>A clock that moves only when told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    /// <summary>How far ahead the hub sets a timer at most.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _setBy;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + _setBy;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>Sets the clock, which does not move the timers that run.</summary>
    public void SetBy(TimeSpan by)
    {
        lock (_lock)
            _setBy += by;
    }

    /// <summary>Waits until something is to happen at the given time from now, as far as the hub sets timers ahead, then moves there.</summary>
    public async Task AdvanceToTimerAsync(TimeSpan expected)
    {
        await TimerSetAsync(expected);
        Advance(expected);
    }

    public Task TimerSetAsync(TimeSpan expected)
    {
        var step = expected < LongestStep ? expected : LongestStep;
        return Poll.UntilTrueAsync(() => NextDue() == step, () => $"The next timer is due in {NextDue()?.ToString() ?? "never"}, not in {step}.");
    }

    public void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.DueAt <= _now)];
            due.ForEach(timer => timer.DueAt = null);
        }

        due.ForEach(timer => timer.Ring());
    }

    public TimeSpan? NextDue()
    {
        lock (_lock)
            return _timers.Min(timer => timer.DueAt) - _now;
    }

    private sealed class ManualTimer(ManualTime time, Action ring) : ITimer
    {
        public DateTimeOffset? DueAt { get; set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
