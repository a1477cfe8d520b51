using System.Globalization;
using Serverless.Platform.Retraining;

namespace Serverless.Tests.Unit.Retraining;

public sealed class RetrainingScheduleTests
{
    [Theory]
    [InlineData("0 0 3 * * *", "2026-03-01T02:59:59", "2026-03-01T03:00:00", "2026-03-01T03:00:00")]
    [InlineData("0 0 3 * * *", "2026-03-01T03:00:00", "2026-03-01T03:00:01", null)]
    [InlineData("0 0 3 * * *", "2026-03-01T03:00:00", "2026-03-02T02:59:59", null)]
    [InlineData("0 0 3 * * *", "2026-03-01T03:00:00", "2026-03-09T12:00:00", "2026-03-09T03:00:00")]
    [InlineData("*/5 * * * * *", "2026-03-01T00:00:00", "2027-03-01T00:00:03", "2027-03-01T00:00:00")]
    [InlineData("0 0 0 29 2 *", "2024-03-01T00:00:00", "2029-01-01T00:00:00", "2028-02-29T00:00:00")]
    public void LatestOccurrence_BetweenTwoInstants_IsTheLastOneDue(string schedule, string after, string now, string? expected) =>
        Assert.Equal(expected is null ? null : Utc(expected), RetrainingSchedule.LatestOccurrence(schedule, Utc(after), Utc(now)));

    [Fact]
    public void InstanceId_OfOneOccurrence_IsOne()
    {
        var due = new DueRetraining("credit-risk", Utc("2026-03-01T03:00:00"), new ScheduleProgress("0 0 3 * * *", Utc("2026-03-01T03:00:00")));

        Assert.Equal("train-credit-risk-20260301T030000", due.InstanceId);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
