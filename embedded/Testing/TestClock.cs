namespace Serverless.Embedded.Testing;

/// <summary>
/// A clock that goes on by itself and can be moved besides. Timers made from it, such as those of <c>Task.Delay</c> and of cancellation
/// tokens, fire when it passes their time, however it got there.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly Lock _advancing = new();
    private readonly HashSet<TestTimer> _armed = [];
    private readonly DateTimeOffset _start;
    private readonly long _began = System.GetTimestamp();
    private TimeSpan _advanced;
    private TimeSpan _shifted;

    /// <summary>Starts at the present time.</summary>
    public TestClock()
        : this(System.GetUtcNow())
    {
    }

    public TestClock(DateTimeOffset start)
    {
        _start = start.ToUniversalTime();
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    private TimeSpan Elapsed => System.GetElapsedTime(_began) + _advanced;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _start + Elapsed + _shifted;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return Elapsed.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves time forward. Each timer due by then fires when the clock stands at its time, the earliest first, those included that are set by another's firing
    /// itself; all have fired when this returns. What they set going on other threads may still run, see <see cref="FunctionsTestApp.AdvanceAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative; see <see cref="Shift"/>.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_advancing)
        {
            // What waits for a timer goes on within it, as far as it gets, only where no other context wants to run it.
            var context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                var left = by;
                while (StepToNext(ref left) is { } timer)
                    timer.Ring();
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(context);
                lock (_lock)
                {
                    foreach (var timer in _armed)
                        timer.Arm();
                }
            }
        }
    }

    /// <summary>Sets the time of day forward or back, as when a machine's clock is corrected: what waits goes on waiting as long as it would have.</summary>
    public void Shift(TimeSpan by)
    {
        lock (_lock)
            _shifted += by;
    }

    /// <summary>Moves to the next timer that is due within the time left and takes it, or to the end.</summary>
    private TestTimer? StepToNext(ref TimeSpan left)
    {
        lock (_lock)
        {
            var now = Elapsed;
            var end = now + left;

            // Those set for "at once" need no help; one that sets itself so again and again would never let this end.
            var next = _armed.Where(timer => !timer.IsImmediate && timer.DueAt <= end).MinBy(timer => timer.DueAt);
            var step = next is null ? left : next.DueAt > now ? next.DueAt - now : TimeSpan.Zero;
            _advanced += step;
            left -= step;
            next?.Take();
            return next;
        }
    }

    private sealed class TestTimer : ITimer
    {
        // Timers of the system cannot be set further ahead than some weeks.
        private static readonly TimeSpan LongestStep = TimeSpan.FromDays(1);

        private readonly TestClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private readonly ITimer _real;
        private TimeSpan _period;
        private bool _isDisposed;

        public TestTimer(TestClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _real = System.CreateTimer(_ => OnRealTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public TimeSpan DueAt { get; private set; }

        public bool IsImmediate { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._lock)
            {
                if (_isDisposed)
                    return false;
                _period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    _clock._armed.Remove(this);
                    return _real.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
                IsImmediate = dueTime == TimeSpan.Zero;
                DueAt = _clock.Elapsed + dueTime;
                _clock._armed.Add(this);
                Arm();
                return true;
            }
        }

        /// <summary>Sets the system's timer to what is left.</summary>
        public void Arm()
        {
            var left = DueAt - _clock.Elapsed;
            left = left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestStep ? left : LongestStep;
            _real.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }

        /// <summary>Takes it off, or sets it for its next period.</summary>
        public void Take()
        {
            IsImmediate = false;
            if (_period == Timeout.InfiniteTimeSpan)
                _clock._armed.Remove(this);
            else
                DueAt += _period;
        }

        public void Ring()
        {
            if (_context is null)
                _callback(_state);
            else
                ExecutionContext.Run(_context, _ => _callback(_state), null);
        }

        public void Dispose()
        {
            lock (_clock._lock)
            {
                _isDisposed = true;
                _clock._armed.Remove(this);
            }

            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void OnRealTime()
        {
            lock (_clock._lock)
            {
                if (!_clock._armed.Contains(this))
                    return;
                if (DueAt > _clock.Elapsed)
                {
                    Arm();
                    return;
                }

                Take();
                if (_clock._armed.Contains(this))
                    Arm();
            }

            Ring();
        }
    }
}
