using System.Globalization;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>Which of the trees, with a linear part or without, and the baseline becomes the model.</summary>
/// <param name="Learner">Which one.</param>
/// <param name="Metric">The metric they were compared by.</param>
/// <param name="Trees">The mean over the folds of what has trees: of the best trial, or of the mean of several and of the linear part.</param>
/// <param name="Baseline">The baseline's mean over the same folds.</param>
/// <param name="Noise">The standard error of their difference over the folds; 0 with one fold.</param>
/// <param name="Reason">In words.</param>
public sealed record LearnerChoice(LearnerKind Learner, string Metric, double Trees, double Baseline, double Noise, string Reason)
{
    /// <summary>The greatest lead that counts as none, as a share of the score: with few rows of a class the noise alone would excuse any.</summary>
    public const double NegligibleLead = 0.0025;

    /// <summary>
    /// The baseline wins if it is as good: if the trees are better by no more than one standard error of the difference, fold by fold
    /// (the one-standard-error rule: Breiman, Friedman, Olshen, Stone, Classification and Regression Trees, 1984), and by no more than
    /// <see cref="NegligibleLead"/>. Of two models as good as each other the one that can be read from its weights is worth more.
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
        var noise = SampleMean.DeviationOf(leads) / Math.Sqrt(leads.Length);
        var (tree, line) = (trees.Average(), baseline.Take(trees.Count).Average());
        var allowed = Math.Min(noise, NegligibleLead * Math.Abs(tree));
        var learner = leads.Average() <= allowed ? LearnerKind.Linear : linearShare > 0 ? LearnerKind.Mixed : LearnerKind.Trees;
        var isOfNumbers = MetricNames.For(LearningTask.Regression).All.Contains(metric);
        var regression = $"{(isOfNumbers ? "linear" : "logistic")} regression";
        var rival = linearShare > 0
            ? string.Create(CultureInfo.InvariantCulture, $"weighted mean of {(blended == 1 ? "the best trial's trees" : $"the best {blended} trials' trees")} and of {regression}, whose share is {linearShare * 100:0}%, has")
            : blended == 1 ? "best trees have" : $"mean of the best {blended} trials has";
        var means = $"Over {leads.Length} folds the {rival} a mean {metric} of {Text(tree)}, {regression} {(linearShare > 0 ? "alone " : "")}{Text(line)}; "
            + $"the standard error of the difference is {Text(noise)}, and up to {Text(allowed)} counts as no lead. ";
        var reason = means + (learner == LearnerKind.Linear
            ? $"{(linearShare > 0 ? "The mean is" : "Trees are")} not better by more than that, so the simpler model is taken."
            : $"{(linearShare > 0 ? "The mean is" : "Trees are")} better by more than that.");
        return new LearnerChoice(learner, metric, tree, line, noise, reason);

        string Text(double value) => value.ToString(isOfNumbers ? "G5" : "F4", CultureInfo.InvariantCulture);
    }
}
