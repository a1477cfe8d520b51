using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class DateFeaturesTests
{
    [Fact]
    public void Of_EveryDayOfTheCalendar_AgreesWithIt()
    {
        var wrong = new List<DateTime>();
        for (var day = DateTime.MinValue; day < DateTime.MaxValue.Date; day = day.AddDays(1))
        {
            var days = (day - DateTime.UnixEpoch).Days;
            var weekday = day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;
            if (DateFeatures.Of(days) != (days, day.Month, weekday, day.Day)) wrong.Add(day);
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-3_000_001f)]
    [InlineData(float.MaxValue)]
    public void Of_NoDay_IsMissing(float days) => Assert.Equal((float.NaN, float.NaN, float.NaN, float.NaN), DateFeatures.Of(days));
}
