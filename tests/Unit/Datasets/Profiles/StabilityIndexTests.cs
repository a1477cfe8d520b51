using Serverless.Platform.Datasets.Profiles;

namespace Serverless.Tests.Unit.Datasets.Profiles;

public sealed class StabilityIndexTests
{
    [Fact]
    public void Of_TheSameShares_IsZero() => Assert.Equal(0, StabilityIndex.Of([100, 200, 300], [100, 200, 300]), 12);

    [Fact]
    public void Of_MovedShares_IsTheSumByDefinition()
    {
        // Shares 0.5, 0.5 become 0.8, 0.2; so many rows that the half row added to each bin does not show.
        var expected = (0.3 * Math.Log(0.8 / 0.5)) + (-0.3 * Math.Log(0.2 / 0.5));

        Assert.Equal(expected, StabilityIndex.Of([5_000_000, 5_000_000], [8_000_000, 2_000_000]), 5);
    }

    [Fact]
    public void Of_AnEmptyBin_IsFinite() => Assert.InRange(StabilityIndex.Of([100, 0], [50, 50]), 0.1, 10);

    [Fact]
    public void ByChance_SamplesOfOnePopulation_SeldomExceedIt()
    {
        var random = new Random(19);
        var exceeded = Enumerable.Range(0, 2000).Count(_ =>
            StabilityIndex.Of(Sample(random, 200), Sample(random, 150)) > StabilityIndex.ByChance(10, 200, 150));

        Assert.InRange(exceeded, 1, 40);
    }

    private static long[] Sample(Random random, int rows)
    {
        var counts = new long[10];
        for (var i = 0; i < rows; i++)
        {
            counts[random.Next(10)]++;
        }

        return counts;
    }
}
