using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

public sealed class SinglePrecisionTests
{
    [Theory]
    [InlineData(298.06)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(-1234.5)]
    [InlineData(16777216)]
    [InlineData(3.4e38)]
    [InlineData(1e-40)]
    public void Shortest_OfAFloat_IsTheNumberAsWritten(double written)
    {
        double held = (float)written;

        Assert.Equal(written, SinglePrecision.Shortest(held));
        Assert.Equal(held, SinglePrecision.Held(written));
        Assert.Equal(held, SinglePrecision.Held(held));
    }

    [Fact]
    public void Held_NumberBetweenFloats_IsKept() => Assert.Equal(346.59099426269523, SinglePrecision.Held(346.59099426269523));
}
