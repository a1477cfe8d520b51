using System.Globalization;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>Which of the trees, with a linear part or without, and the baseline becomes the model.</summary>
/// <param name="Learner">Which one.</param>
/// <param name="Metric">The metric they were compared by.</param>
/// <param name="Trees">The mean over the folds of what has trees: of the best trial, or of the mean of several and of the linear part; null where no trial was done in time.</param>
/// <param name="Baseline">The baseline's mean over the same folds.</param>
/// <param name="Noise">The standard error of their difference over the folds; null with one fold, of which there is none, and where no trial was done in time.</param>
/// <param name="Reason">In words.</param>
public sealed record LearnerChoice(LearnerKind Learner, string Metric, double? Trees, double Baseline, double? Noise, string Reason)
{
    /// <summary>The greatest lead that counts as none, as a share of the score: with few rows of a class the noise alone would excuse any.</summary>
    public const double NegligibleLead = 0.0025;

    /// <summary>
    /// The baseline wins if it is as good: if the trees are better by no more than one standard error of the difference, fold by fold
    /// (the one-standard-error rule: Breiman, Friedman, Olshen, Stone, Classification and Regression Trees, 1984), and by no more than
    /// <see cref="NegligibleLead"/>, which is all that is asked where one fold has no standard error. Of two models as good as each other the one that can be read from its weights is worth more.
    /// </summary>
    /// <param name="trees">The score of what has trees on each fold it saw.</param>
    /// <param name="baseline">The baseline's score on each fold; at least as many.</param>
    /// <param name="metric">The metric of both.</param>
    /// <param name="blended">Of how many trials the trees are the mean; 1: they are the best one's.</param>
    /// <param name="linearShare">How much of it is linear.</param>
    public static LearnerChoice Of(IReadOnlyList<double> trees, IReadOnlyList<double> baseline, string metric, int blended = 1, double linearShare = 0)
    {
        var sign = MetricNames.IsHigherBetter(metric) ? 1 : -1;
        double[] leads = [.. trees.Zip(baseline, (t, b) => sign * (t - b))];
        double? noise = leads.Length > 1 ? SampleMean.DeviationOf(leads) / Math.Sqrt(leads.Length) : null;
        var (tree, line) = (trees.Average(), baseline.Take(trees.Count).Average());
        var negligible = NegligibleLead * Math.Abs(tree);
        var allowed = Math.Min(noise ?? negligible, negligible);
        var learner = leads.Average() <= allowed ? LearnerKind.Linear : linearShare > 0 ? LearnerKind.Mixed : LearnerKind.Trees;
        var regression = Regression(metric);
        var rival = linearShare > 0
            ? string.Create(CultureInfo.InvariantCulture, $"weighted mean of {(blended == 1 ? "the best trial's trees" : $"the best {blended} trials' trees")} and of {regression}, whose share is {linearShare * 100:0}%, has")
            : blended == 1 ? "best trees have" : $"mean of the best {blended} trials has";
        var means = noise is { } error
            ? $"Over {leads.Length} folds the {rival} a mean {metric} of {Text(tree)}, {regression} {(linearShare > 0 ? "alone " : "")}{Text(line)}; "
                + $"the standard error of the difference is {Text(error)}, and up to {Text(allowed)} counts as no lead. "
            : $"On one fold the {rival} a {metric} of {Text(tree)}, {regression} {(linearShare > 0 ? "alone " : "")}{Text(line)}; "
                + $"one fold gives the difference no standard error, and up to {Text(allowed)}, {(100 * NegligibleLead).ToString(CultureInfo.InvariantCulture)}% of the score, counts as no lead. ";
        var reason = means + (learner == LearnerKind.Linear
            ? $"{(linearShare > 0 ? "The mean is" : "Trees are")} not better by more than that, so the simpler model is taken."
            : $"{(linearShare > 0 ? "The mean is" : "Trees are")} better by more than that.");
        return new LearnerChoice(learner, metric, tree, line, noise, reason);

        string Text(double value) => Figure(value, metric);
    }

    /// <summary>No trial of the search was done in time: the baseline, which is trained beside it, is the model without a comparison.</summary>
    /// <param name="search">The search.</param>
    /// <param name="baseline">The baseline, over all folds.</param>
    /// <param name="timeout">How much time the search had.</param>
    public static LearnerChoice Untried(TrialsReport search, BaselineResult baseline, TimeSpan timeout) => new(
        LearnerKind.Linear, search.Metric, null, baseline.Score, null,
        $"No trial of the search ended in time: {Cut(search, timeout)}, so there are no trees to compare with, and {Regression(search.Metric)}, which is trained beside them, is the model. "
            + $"{(baseline.FoldScores.Count == 1 ? "On one fold it has a" : $"Over {baseline.FoldScores.Count} folds it has a mean")} {search.Metric} of {Figure(baseline.Score, search.Metric)}. Trees may be better: {Remedy}");

    /// <summary>Why a run failed that had neither a trial nor a baseline when its time was up, and what to do.</summary>
    /// <param name="search">The search.</param>
    /// <param name="timeout">How much time there was.</param>
    public static string NothingInTime(TrialsReport search, TimeSpan timeout) =>
        $"No trial of the search ended in time: {Cut(search, timeout)}; nor was {Regression(search.Metric)}, which is trained beside them and would have become the model, done by then. "
            + $"There is nothing to fit: {Remedy}";

    private const string Remedy = "set a longer training.timeout in the definition, or learn from fewer rows or columns, in fewer folds (training.folds), and train again.";

    private static string Cut(TrialsReport search, TimeSpan timeout) =>
        $"{search.Trials.Count(t => t.End == TrialEnd.OutOfTime)} of {search.Trials.Count} were cut by the definition's training.timeout of {timeout}"
            + (search.Search == TrialSearch.Halving && search.Trials.Count > TrialRungs.LeastSurvivors ? ", half of which is for the first fold" : "");

    private static bool IsOfNumbers(string metric) => MetricNames.For(LearningTask.Regression).All.Contains(metric);

    private static string Regression(string metric) => $"{(IsOfNumbers(metric) ? "linear" : "logistic")} regression";

    private static string Figure(double value, string metric) => value.ToString(IsOfNumbers(metric) ? "G5" : "F4", CultureInfo.InvariantCulture);
}
