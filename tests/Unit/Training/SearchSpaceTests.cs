using System.Text.Json;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class SearchSpaceTests
{
    [Fact]
    public void At_SameSeedAndTrial_GivesTheSameParameters()
    {
        Assert.All(Enumerable.Range(0, 20), t => Assert.Equal(SearchSpace.At(17, t), SearchSpace.At(17, t)));
        Assert.NotEqual(SearchSpace.At(17, 3) with { Trial = 0 }, SearchSpace.At(18, 3) with { Trial = 0 });
        Assert.NotEqual(SearchSpace.At(17, 3) with { Trial = 0 }, SearchSpace.At(17, 4) with { Trial = 0 });
    }

    [Fact]
    public void At_Trial0_IsTheDefaultForAnySeed() => Assert.Equal(SearchSpace.At(1, 0), SearchSpace.At(2, 0));

    [Fact]
    public void At_ManyTrials_StayWithinBoundsAndFillThem()
    {
        var trials = Enumerable.Range(1, 400).Select(t => SearchSpace.At(17, t)).ToArray();

        Assert.All(trials, p =>
        {
            Assert.InRange(p.LearningRate, 0.02, 0.15);
            Assert.InRange(p.MinChildWeight, 0.5, 20);
            Assert.InRange(p.Subsample, 0.5, 1);
            Assert.InRange(p.ColumnSample, 0.3, 1);
            Assert.InRange(p.Lambda, 0.1, 30);
            Assert.InRange(p.Alpha, 0, 2);
            Assert.InRange(p.Gamma, 0, 2);
        });
        Assert.Equal([2, 3, 4, 5, 6, 7], trials.Select(p => p.MaxDepth).Distinct().Order());
        Assert.InRange(trials.Count(p => p.LearningRate < Math.Sqrt(0.02 * 0.15)), 150, 250);
    }

    [Fact]
    public void At_NegativeTrial_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => SearchSpace.At(17, -1));

    [Fact]
    public void Json_TrialResult_SurvivesARoundTrip()
    {
        var result = new TrialResult(3, SearchSpace.At(17, 3), 120, 0.8471, 0.0091, 0.2758);

        Assert.Equal(result, JsonSerializer.Deserialize<TrialResult>(JsonSerializer.Serialize(result, JsonSerializerOptions.Web), JsonSerializerOptions.Web));
    }
}
