using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class LearnerChoiceTests
{
    [Theory]
    [InlineData(new[] { 0.81, 0.82, 0.83 }, new[] { 0.80, 0.81, 0.82 }, LearnerKind.Trees)]
    [InlineData(new[] { 0.81, 0.82, 0.83 }, new[] { 0.80, 0.84, 0.819 }, LearnerKind.Linear)]
    [InlineData(new[] { 0.81, 0.82, 0.83 }, new[] { 0.79, 0.84, 0.80 }, LearnerKind.Trees)]
    [InlineData(new[] { 0.81, 0.82, 0.83 }, new[] { 0.82, 0.83, 0.84 }, LearnerKind.Linear)]
    [InlineData(new[] { 0.81 }, new[] { 0.807 }, LearnerKind.Trees)]
    [InlineData(new[] { 0.81 }, new[] { 0.81 }, LearnerKind.Linear)]
    public void Of_FoldScores_TakesTheBaselineUnlessTreesLeadByMoreThanTheNoise(double[] trees, double[] baseline, LearnerKind expected) =>
        Assert.Equal(expected, LearnerChoice.Of(trees, baseline, MetricNames.RocAuc).Learner);

    [Fact]
    public void Of_Loss_TurnsTheComparisonRound() =>
        Assert.Equal(LearnerKind.Trees, LearnerChoice.Of([0.40, 0.41], [0.50, 0.51], MetricNames.LogLoss).Learner);

    [Fact]
    public void Of_NumbersToPredict_NamesLinearRegressionAndKeepsTheDigitsOfSmallUnits()
    {
        var choice = LearnerChoice.Of([0.000123, 0.000125], [0.00042, 0.00044], MetricNames.Rmse);

        Assert.Equal(LearnerKind.Trees, choice.Learner);
        Assert.Contains("rmse of 0.000124, linear regression 0.00043;", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TrialOfFewFolds_ComparesTheSameFolds()
    {
        var choice = LearnerChoice.Of([0.8, 0.9], [0.7, 0.7, 0.1], MetricNames.RocAuc);

        Assert.Equal((0.85, 0.7, 0.05), (Math.Round(choice.Trees ?? 0, 6), Math.Round(choice.Baseline, 6), Math.Round(choice.Noise ?? 0, 6)));
        Assert.Contains("Over 2 folds", choice.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.8015, LearnerKind.Linear)]
    [InlineData(0.803, LearnerKind.Trees)]
    public void Of_OneFold_HasNoStandardErrorAndAllowsAQuarterPercent(double trees, LearnerKind expected)
    {
        var choice = LearnerChoice.Of([trees], [0.8], MetricNames.RocAuc);

        Assert.Equal((expected, null), (choice.Learner, choice.Noise));
        Assert.StartsWith("On one fold the best trees have a roc-auc of 0.80", choice.Reason, StringComparison.Ordinal);
        Assert.Contains("one fold gives the difference no standard error, and up to 0.0020, 0.25% of the score, counts as no lead", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LinearPartThatLeads_IsTheMeanOfBoth()
    {
        var choice = LearnerChoice.Of([0.10, 0.09, 0.10], [0.14, 0.1, 0.111], MetricNames.LogLoss, blended: 3, linearShare: 0.3);

        Assert.Equal(LearnerKind.Mixed, choice.Learner);
        Assert.StartsWith(
            "Over 3 folds the weighted mean of the best 3 trials' trees and of logistic regression, whose share is 30%, has a mean log-loss of 0.0967, logistic regression alone 0.1170; ",
            choice.Reason, StringComparison.Ordinal);
        Assert.EndsWith("The mean is better by more than that.", choice.Reason, StringComparison.Ordinal);
        Assert.Equal(LearnerKind.Linear, LearnerChoice.Of([0.14, 0.1, 0.111], [0.14, 0.1, 0.111], MetricNames.LogLoss, 3, 0.3).Learner);
    }

    [Fact]
    public void With_BaselineWhereNoTrialWasDone_IsTheModelAndItsFoldsAreTheOnesShown()
    {
        TrialRecord[] cut = [.. Enumerable.Range(0, 4).Select(t => new TrialRecord(t, SearchSpace.At(1, t), 1, [], null, null, null, TrialEnd.OutOfTime, ""))];
        var search = new TrialsReport("log-loss", 1, 3, TrialSearch.Halving, null, cut, Blended: []);
        var baseline = new BaselineResult(0.001, 0.117, 0.02, [0.14, 0.1, 0.111], 60, []);

        var report = search.With(baseline, TimeSpan.FromSeconds(30));

        Assert.Equal((LearnerKind.Linear, null, 0.117, null), (report.Choice!.Learner, report.Choice.Trees, report.Choice.Baseline, report.Choice.Noise));
        Assert.StartsWith(
            "No trial of the search ended in time: 4 of 4 were cut by the definition's training.timeout of 00:00:30, half of which is for the first fold, so there are no trees to compare with, and "
                + "logistic regression, which is trained beside them, is the model. Over 3 folds it has a mean log-loss of 0.1170.",
            report.Choice.Reason, StringComparison.Ordinal);
        Assert.Contains("set a longer training.timeout", report.Choice.Reason, StringComparison.Ordinal);
        Assert.Equal([0.14, 0.1, 0.111], FoldStability.Of(report)?.Folds);
        Assert.Null(search.With(null, TimeSpan.FromSeconds(30)).Choice);
    }

    [Fact]
    public void FoldStability_OfWhatBecameTheModel()
    {
        var trial = new TrialRecord(0, SearchSpace.At(1, 0), 1, [0.14, 0.15, 0.14], 50, 0.143, 0.006, TrialEnd.Finished, "");
        var report = new TrialsReport("log-loss", 1, 3, TrialSearch.Halving, 0, [trial], new BaselineResult(0.001, 0.117, 0.02, [0.14, 0.1, 0.111], 60, []), Blended: [0, 1, 2]);
        Assert.Equal([0.14, 0.15, 0.14], FoldStability.Of(report)?.Folds);

        Assert.Equal([0.10, 0.09, 0.10], FoldStability.Of(Chosen([0.10, 0.09, 0.10]))?.Folds);
        Assert.Equal([0.14, 0.1, 0.111], FoldStability.Of(Chosen([0.15, 0.14, 0.15]))?.Folds);

        TrialsReport Chosen(double[] mean) => report with { BlendFoldScores = mean, Choice = LearnerChoice.Of(mean, report.Baseline!.FoldScores, "log-loss", 3, 0.2) };
    }
}
