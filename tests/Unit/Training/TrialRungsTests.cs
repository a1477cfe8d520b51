using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class TrialRungsTests
{
    [Theory]
    [InlineData(5, new[] { 1, 3, 5 })]
    [InlineData(10, new[] { 1, 5, 10 })]
    [InlineData(3, new[] { 1, 2, 3 })]
    [InlineData(2, new[] { 1, 2 })]
    public void Of_Halving_EndsWithAllFoldsAndAllTime(int folds, int[] expected)
    {
        var rungs = TrialRungs.Of(TrainingPolicy.Default with { Folds = folds });

        Assert.Equal(expected, rungs.Select(r => r.Folds));
        Assert.Equal(1, rungs[^1].TimeShare);
        Assert.Equal(rungs.Select(r => r.TimeShare).Order(), rungs.Select(r => r.TimeShare));
    }

    [Theory]
    [InlineData(12, TrialSearch.Exhaustive)]
    [InlineData(3, TrialSearch.Halving)]
    public void Of_ExhaustiveOrFewTrials_IsOneRung(int trials, TrialSearch search) =>
        Assert.Equal([new TrialRung(5, 1)], TrialRungs.Of(TrainingPolicy.Default with { Trials = trials, Search = search }));

    [Theory]
    [InlineData(200, 134)]
    [InlineData(7, 5)]
    [InlineData(4, 3)]
    [InlineData(2, 2)]
    public void SurvivorsOf_Trials_IsTheBetterPartButEnoughToChooseFrom(int trials, int survivors) =>
        Assert.Equal(survivors, TrialRungs.SurvivorsOf(trials));
}
