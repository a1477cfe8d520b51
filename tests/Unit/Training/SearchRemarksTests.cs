using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class SearchRemarksTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    [Fact]
    public void Of_SearchThatItsTimeoutCut_SaysByHowManyFoldsTrialsWereChosenAndWhatToDo()
    {
        var search = Search(0, Trial(0, [0.8], TrialEnd.OutOfTime), Trial(1, [], TrialEnd.OutOfTime));

        Assert.Equal(
            ["The training.timeout of 00:10:00 cut the search: how far it got depends on the machine and on what ran beside it, so that a repeat may choose otherwise. "
                + "It chose its trials by 1 of 5 folds. A longer timeout, or fewer trials, makes it repeatable."],
            SearchRemarks.Of(search, Timeout, 3_000));
    }

    [Fact]
    public void Of_SearchCutAfterItsChosenTrialsSawAllFolds_SaysNothingOfFewerFolds()
    {
        var search = Search(0, Trial(0, [0.8, 0.8, 0.8, 0.8, 0.8], TrialEnd.Finished), Trial(1, [], TrialEnd.OutOfTime));

        Assert.DoesNotContain("of 5 folds", Assert.Single(SearchRemarks.Of(search, Timeout, 3_000)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20_001L, "Of more than 20,000 training rows one fold is held out and no more: ")]
    [InlineData(3_000L, "Of the 5 folds only one could be measured on: ")]
    [InlineData(null, "Of the 5 folds only one could be measured on: ")]
    public void Of_OneFold_SaysWhyAndWhatToJudgeBy(long? rows, string found)
    {
        var remark = Assert.Single(SearchRemarks.Of(Search(0, Trial(0, [0.8], TrialEnd.Finished), Trial(1, [0.7], TrialEnd.Beaten)), Timeout, rows));

        Assert.StartsWith(found, remark, StringComparison.Ordinal);
        Assert.EndsWith("Judge it by the held-out rows and their intervals.", remark, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AllFoldsSeen_IsEmpty() =>
        Assert.Empty(SearchRemarks.Of(Search(0, Trial(0, [0.8, 0.8, 0.8, 0.8, 0.8], TrialEnd.Finished), Trial(1, [0.7], TrialEnd.Beaten)), Timeout, 3_000));

    [Fact]
    public void Of_NoTrialDoneInTime_IsLeftToTheChoiceThatTellsOfIt() =>
        Assert.Empty(SearchRemarks.Of(Search(null, Trial(0, [], TrialEnd.OutOfTime)), Timeout, 3_000));

    private static TrialsReport Search(int? chosen, params TrialRecord[] trials) => new("roc-auc", 17, 5, TrialSearch.Halving, chosen, trials);

    private static TrialRecord Trial(int number, double[] folds, TrialEnd end) => new(
        number, SearchSpace.At(17, number), 1, folds, folds.Length == 0 ? null : 80, folds.Length == 0 ? null : folds.Average(), 0.01, end, "It ended.");
}
