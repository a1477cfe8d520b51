using System.Collections.Concurrent;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class DurableTimersTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly JumpingTime _time = new();
    private readonly ConcurrentQueue<string> _delivered = [];

    [Fact]
    public async Task Add_ClockSetForward_DeliversByTheNewTime()
    {
        using var timers = Timers();
        timers.Add(1, "due", Now + Hour);
        timers.Add(2, "not due", Now + (3 * Hour));

        _time.Offset += 2 * Hour;

        await Poll.UntilTrueAsync(() => !_delivered.IsEmpty, () => "Nothing was delivered.");
        Assert.Equal(["due"], _delivered);
    }

    [Fact]
    public async Task Add_ClockSetBack_DeliversByTheNewTime()
    {
        using var timers = Timers();
        timers.Add(1, "first", Now + TimeSpan.FromMilliseconds(50));
        _time.Offset -= Hour;
        timers.Add(2, "later set", Now + TimeSpan.FromMilliseconds(50));

        await Poll.UntilTrueAsync(() => !_delivered.IsEmpty, () => "Nothing was delivered.");
        Assert.Equal(["later set"], _delivered);
        _time.Offset += Hour;

        await Poll.UntilTrueAsync(() => _delivered.Count == 2, () => "What was set before the clock was lost.");
    }

    [Fact]
    public async Task Remove_Many_LosesNoneOfTheOthers()
    {
        using var timers = Timers();
        for (var i = 0; i < 10_000; i++)
            timers.Add(i, $"{i}", Now + Hour);
        for (var i = 0; i < 10_000; i++)
        {
            if (i != 5_000)
                timers.Remove(i);
        }

        _time.Offset += 2 * Hour;

        await Poll.UntilTrueAsync(() => !_delivered.IsEmpty, () => "Nothing was delivered.");
        Assert.Equal(["5000"], _delivered);
    }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    private DurableTimers<string> Timers() => new(_time, _delivered.Enqueue, TimeSpan.FromMilliseconds(20));

    /// <summary>A clock that can be set while its timers, as those of a machine, run on.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
    }
}
