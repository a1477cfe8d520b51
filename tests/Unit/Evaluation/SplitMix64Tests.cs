using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class SplitMix64Tests
{
    [Fact]
    public void Next_KnownSeed_GivesThePublishedSequence()
    {
        var random = new SplitMix64(1234567);

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423], new[] { random.Next(), random.Next(), random.Next() });
    }

    [Fact]
    public void Below_ManyDraws_AreWithinTheBoundAndEven()
    {
        var random = new SplitMix64(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++) counts[random.Below(7)]++;

        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
    }
}
