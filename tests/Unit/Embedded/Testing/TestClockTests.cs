using Serverless.Embedded.Testing;

namespace Serverless.Tests.Unit.Embedded.Testing;

public sealed class TestClockTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TestClock _clock = new(Start);

    [Fact]
    public void Advance_PastTimers_FiresEachWhenTheClockStandsAtItsTime()
    {
        var fired = new List<(string Name, DateTimeOffset At)>();
        using var second = Timer("second", TimeSpan.FromHours(2));
        using var first = Timer("first", TimeSpan.FromHours(1));
        using var later = Timer("later", Day * 2);

        _clock.Advance(Day);

        Assert.Equal(["first", "second"], fired.Select(timer => timer.Name));
        Assert.InRange(fired[0].At - Start, TimeSpan.FromHours(1), TimeSpan.FromHours(1.1));
        Assert.InRange(fired[1].At - Start, TimeSpan.FromHours(2), TimeSpan.FromHours(2.1));
        Assert.InRange(_clock.GetUtcNow() - Start, Day, Day + TimeSpan.FromMinutes(1));

        ITimer Timer(string name, TimeSpan due) => _clock.CreateTimer(_ => fired.Add((name, _clock.GetUtcNow())), null, due, Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void Advance_PastTimersThatSetEachOther_FiresThemAllWithinTheOneCall()
    {
        var hours = WaitHoursAsync(24);

        _clock.Advance(Day);

        Assert.True(hours.IsCompletedSuccessfully);

        async Task WaitHoursAsync(int count)
        {
            for (var hour = 0; hour < count; hour++)
                await Task.Delay(TimeSpan.FromHours(1), _clock);
        }
    }

    [Fact]
    public void Advance_OverPeriods_FiresOnceForEach()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));

        _clock.Advance(TimeSpan.FromMinutes(65));

        Assert.Equal(6, fired);
    }

    [Fact]
    public void Advance_PastATokensDelay_CancelsIt()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromHours(3), _clock);

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.False(late.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.True(late.IsCancellationRequested);
    }

    [Fact]
    public void Advance_PastATimerThatWasDisposedOrSetAnew_LeavesItAlone()
    {
        var fired = 0;
        var gone = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        using var moved = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        gone.Dispose();
        moved.Change(Day * 2, Timeout.InfiniteTimeSpan);

        _clock.Advance(Day);

        Assert.Equal(0, fired);
        Assert.False(gone.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task Timers_WithoutAnyAdvance_FireAsTimePasses()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(30), _clock).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.InRange(_clock.GetUtcNow() - Start, TimeSpan.FromMilliseconds(30), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Timers_AfterAnAdvanceThatEndedJustBefore_FireAsTimePasses()
    {
        var wait = Task.Delay(Day, _clock);

        _clock.Advance(Day - TimeSpan.FromMilliseconds(50));

        await wait.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Shift_EitherWay_ChangesTheTimeOfDayAlone(int hours)
    {
        var wait = Task.Delay(TimeSpan.FromMinutes(30), _clock);
        var stamp = _clock.GetTimestamp();

        _clock.Shift(TimeSpan.FromHours(hours));

        Assert.False(wait.IsCompleted);
        Assert.InRange(_clock.GetUtcNow() - Start - TimeSpan.FromHours(hours), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.InRange(_clock.GetElapsedTime(stamp), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void Advance_Backwards_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromHours(-1)));
}
