using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

public sealed class TargetValueTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", " 1 ")]
    [InlineData("1", "1e0")]
    [InlineData("0.1", "0.10")]
    [InlineData("-5", "-5.0")]
    public void Of_FormsOfOneNumber_AreOneValue(string one, string other) => Assert.Equal(TargetValue.Of(one), TargetValue.Of(other));

    [Theory]
    [InlineData("40123456", "40123457")]
    [InlineData("16777216", "16777217")]
    [InlineData("30569309025904", "30569309025905")]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("-9007199254740992", "-9007199254740993")]
    [InlineData("12345678901234567890", "12345678901234567891")]
    public void Of_LongCodes_StayApartAndAsTheyAreWritten(string one, string other)
    {
        Assert.NotEqual(TargetValue.Of(one), TargetValue.Of(other));
        Assert.Equal((one, other), (TargetValue.Of(one), TargetValue.Of(other)));
    }
}
