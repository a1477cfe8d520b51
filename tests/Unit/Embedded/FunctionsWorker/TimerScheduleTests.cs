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
        Assert.Equal(DateTimeOffset.Parse(expected, null).UtcDateTime, Utc(schedule).Next(Now));

    [Theory]
    [InlineData("every day")]
    [InlineData("0 0 3 * *  * *")]
    [InlineData("0 61 * * * *")]
    [InlineData("-01:00:00")]
    [InlineData("")]
    public void Parse_WrongSchedule_SaysWhatWasExpected(string schedule) =>
        Assert.Contains("expected", Assert.Throws<FormatException>(() => Utc(schedule)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0 * * * * *", true)]
    [InlineData("*/30 * * * * *", false)]
    [InlineData("00:01:00", true)]
    [InlineData("00:00:30", false)]
    [InlineData("0,30 0 3 * * *", true)]
    [InlineData("* * * * *", true)]
    public void IsWorthMonitoring_Schedule_FromAMinuteApart(string schedule, bool expected) =>
        Assert.Equal(expected, Utc(schedule).IsWorthMonitoring);

    [Fact]
    public void Check_NothingStored_IsNotPastDue()
    {
        var (status, isPastDue) = MissedOccurrence.Check(Utc("0 0 * * * *"), null, Now);

        Assert.False(isPastDue);
        Assert.Equal(new DateTime(2026, 11, 22, 11, 0, 0, DateTimeKind.Utc), status.Next);
    }

    [Theory]
    [InlineData("2026-11-22T10:00:00Z", false)]
    [InlineData("2026-11-22T09:00:00Z", true)]
    public void Check_LastRunStored_IsPastDueWhenAnOccurrencePassedSince(string last, bool expected)
    {
        var schedule = Utc("0 0 * * * *");
        var lastRun = DateTimeOffset.Parse(last, null).UtcDateTime;

        var (_, isPastDue) = MissedOccurrence.Check(schedule, new ScheduleStatus { Last = lastRun, Next = schedule.Next(lastRun) }, Now);

        Assert.Equal(expected, isPastDue);
    }

    [Fact]
    public void Check_ScheduleChangedSince_ReckonsByTheNewOne()
    {
        var lastRun = Now.AddMinutes(-20);
        var stored = new ScheduleStatus { Last = lastRun, Next = Now.AddMinutes(-10) };

        var (status, isPastDue) = MissedOccurrence.Check(Utc("0 0 3 * * *"), stored, Now);

        Assert.False(isPastDue);
        Assert.Equal(new DateTime(2026, 11, 23, 3, 0, 0, DateTimeKind.Utc), status.Next);
    }

    [Fact]
    public void Check_ScheduleChangedAndItsOccurrencePassed_IsNotPastDue()
    {
        var stored = new ScheduleStatus { Last = Now.AddHours(-3), Next = Now.AddHours(5) };

        var (status, isPastDue) = MissedOccurrence.Check(Utc("0 0 * * * *"), stored, Now);

        Assert.False(isPastDue);
        Assert.Equal(new DateTime(2026, 11, 22, 11, 0, 0, DateTimeKind.Utc), status.Next);
    }

    [Theory]
    [InlineData("0 */5 * * * *", "2026-11-22T10:35:00Z")]
    [InlineData("0 0 11 * * *", "2026-11-23T11:00:00Z")]
    public void Check_LastRunAhead_GoesOnByTheClockUnlessTheTimeOfDayIsFixed(string text, string expected)
    {
        var schedule = Utc(text);
        var lastRun = Now.AddMinutes(45);

        var (status, isPastDue) = MissedOccurrence.Check(schedule, new ScheduleStatus { Last = lastRun, Next = schedule.Next(lastRun) }, Now);

        Assert.False(isPastDue);
        Assert.Equal(DateTimeOffset.Parse(expected, null).UtcDateTime, status.Next);
    }

    // In Los Angeles clocks go from 02:00-08 to 03:00-07 on 8 March 2026, and from 02:00-07 to 01:00-08 on 1 November 2026.
    [Theory]
    [InlineData("0 30 2 * * *", "2026-03-08T00:00-08:00", "2026-03-08T03:30-07:00", "2026-03-09T02:30-07:00")]
    [InlineData("0 */30 * * * *", "2026-03-08T01:15-08:00", "2026-03-08T01:30-08:00", "2026-03-08T03:00-07:00", "2026-03-08T03:30-07:00")]
    [InlineData("0 30 1 * * *", "2026-10-31T12:00-07:00", "2026-11-01T01:30-07:00", "2026-11-02T01:30-08:00")]
    [InlineData("0 30 1 * * *", "2026-11-01T01:10-08:00", "2026-11-02T01:30-08:00")]
    [InlineData("0 30 1 1 11 *", "2026-01-05T00:00-08:00", "2026-11-01T01:30-07:00", "2027-11-01T01:30-07:00")]
    [InlineData("0 */30 * * * *", "2026-11-01T00:45-07:00", "2026-11-01T01:00-07:00", "2026-11-01T01:30-07:00", "2026-11-01T01:00-08:00", "2026-11-01T01:30-08:00", "2026-11-01T02:00-08:00")]
    [InlineData("0 15,50 * * * *", "2026-11-01T01:20-07:00", "2026-11-01T01:50-07:00", "2026-11-01T01:15-08:00", "2026-11-01T01:50-08:00", "2026-11-01T02:15-08:00")]
    [InlineData("0 0 4 * * *", "2026-10-31T05:00-07:00", "2026-11-01T04:00-08:00")]
    [InlineData("01:00:00", "2026-11-01T01:30-07:00", "2026-11-01T01:30-08:00")]
    public void Next_WhereClocksChange_IsWhatTheGenuineHostWouldDo(string text, string from, params string[] expected)
    {
        var schedule = TimerSchedule.Parse(text, TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles"));
        var now = DateTimeOffset.Parse(from, null).UtcDateTime;
        foreach (var next in expected)
        {
            now = schedule.Next(now);
            Assert.Equal(DateTimeOffset.Parse(next, null).UtcDateTime, now);
            Assert.Equal(DateTimeKind.Utc, now.Kind);
        }
    }

    [Fact]
    public void Status_AsTheGenuineHostWritesIt_IsRead()
    {
        var status = TimerStatusStore.Parse("""{"Last":"2026-11-22T11:00:00.0071+01:00","Next":"2026-11-22T12:00:00+01:00","LastUpdated":"0001-01-01T00:00:00"}""")!;

        Assert.Equal(new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc).AddTicks(71000), status.Last);
        Assert.Equal(new DateTime(2026, 11, 22, 11, 0, 0, DateTimeKind.Utc), status.Next);
        Assert.Equal(default, status.LastUpdated);
        Assert.Equal(
            """{"Last":"2026-11-22T10:00:00.0071+00:00","Next":"2026-11-22T11:00:00+00:00","LastUpdated":"0001-01-01T00:00:00+00:00"}""",
            TimerStatusStore.Format(status).Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"Last\":7}")]
    public void Status_Damaged_CountsAsNone(string content) => Assert.Null(TimerStatusStore.Parse(content));

    private static TimerSchedule Utc(string schedule) => TimerSchedule.Parse(schedule, TimeZoneInfo.Utc);
}
