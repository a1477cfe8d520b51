using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Timers;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class TimerScheduleTests
{
    private static readonly DateTime Now = new(2026, 11, 22, 10, 30, 15, DateTimeKind.Utc);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-11-22T10:35:00Z")]
    [InlineData("*/5 * * * *", "2026-11-22T10:35:00Z")]
    [InlineData("0 0 3 * * *", "2026-11-23T03:00:00Z")]
    [InlineData("20 30 10 * * *", "2026-11-22T10:30:20Z")]
    [InlineData("0 0 0 * * 1", "2026-11-23T00:00:00Z")]
    [InlineData("01:00:00", "2026-11-22T11:30:15Z")]
    public void Next_Schedule_IsTheFirstOccurrenceAfter(string schedule, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null).UtcDateTime, TimerSchedule.Parse(schedule).Next(Now));

    [Theory]
    [InlineData("every day")]
    [InlineData("0 0 3 * *  * *")]
    [InlineData("0 61 * * * *")]
    [InlineData("-01:00:00")]
    [InlineData("")]
    public void Parse_WrongSchedule_SaysWhatWasExpected(string schedule) =>
        Assert.Contains("expected", Assert.Throws<FormatException>(() => TimerSchedule.Parse(schedule)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0 * * * * *", true)]
    [InlineData("*/30 * * * * *", false)]
    [InlineData("00:01:00", true)]
    [InlineData("00:00:30", false)]
    public void IsWorthMonitoring_Schedule_FromAMinuteApart(string schedule, bool expected) =>
        Assert.Equal(expected, TimerSchedule.Parse(schedule).IsWorthMonitoring);

    [Fact]
    public void Check_NothingStored_IsNotPastDue()
    {
        var (status, isPastDue) = MissedOccurrence.Check(TimerSchedule.Parse("0 0 * * * *"), null, Now);

        Assert.False(isPastDue);
        Assert.Equal(new DateTime(2026, 11, 22, 11, 0, 0, DateTimeKind.Utc), status.Next);
    }

    [Theory]
    [InlineData("2026-11-22T10:00:00Z", false)]
    [InlineData("2026-11-22T09:00:00Z", true)]
    public void Check_LastRunStored_IsPastDueWhenAnOccurrencePassedSince(string last, bool expected)
    {
        var schedule = TimerSchedule.Parse("0 0 * * * *");
        var lastRun = DateTimeOffset.Parse(last, null).UtcDateTime;

        var (_, isPastDue) = MissedOccurrence.Check(schedule, new ScheduleStatus { Last = lastRun, Next = schedule.Next(lastRun) }, Now);

        Assert.Equal(expected, isPastDue);
    }

    [Fact]
    public void Check_ScheduleChangedSince_ReckonsByTheNewOne()
    {
        var lastRun = Now.AddMinutes(-20);
        var stored = new ScheduleStatus { Last = lastRun, Next = Now.AddMinutes(-10) };

        var (status, isPastDue) = MissedOccurrence.Check(TimerSchedule.Parse("0 0 3 * * *"), stored, Now);

        Assert.False(isPastDue);
        Assert.Equal(new DateTime(2026, 11, 23, 3, 0, 0, DateTimeKind.Utc), status.Next);
    }
}
