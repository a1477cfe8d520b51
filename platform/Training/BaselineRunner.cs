using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>How good logistic regression (of numbers: linear regression) is in cross-validation, on the folds that the trials are measured on.</summary>
/// <param name="Lambda">The L2 penalty with the best mean score, per row.</param>
/// <param name="Score">The metric's mean over the folds.</param>
/// <param name="StandardDeviation">Its sample standard deviation over them; 0 with one.</param>
/// <param name="FoldScores">The metric on each fold, to six decimals.</param>
/// <param name="Passes">How many times each fit went over its weights.</param>
/// <param name="Tried">Each penalty that was tried and its mean score.</param>
public sealed record BaselineResult(
    double Lambda, double Score, double StandardDeviation, IReadOnlyList<double> FoldScores, int Passes, IReadOnlyList<TriedPenalty> Tried);

/// <param name="Lambda">The penalty, per row.</param>
/// <param name="Score">The metric's mean over the folds.</param>
public sealed record TriedPenalty(double Lambda, double Score);

/// <summary>Trains the baseline that trees have to beat, and chooses its L2 penalty by cross-validation.</summary>
public static class BaselineRunner
{
    /// <summary>Passes over the weights: with standardised numbers far more than they move in.</summary>
    internal const int Passes = 60;

    private static readonly double[] Penalties = [1e-4, 1e-3, 1e-2, 1e-1];

    /// <param name="train">The rows to learn from and to validate on. They must meet <see cref="TrainingRequirements"/>.</param>
    /// <param name="policy">Metric, folds, seed and weights.</param>
    /// <param name="cancellationToken">Checked before every pass over the weights.</param>
    /// <exception cref="InvalidOperationException">No fold can be measured on, as <see cref="CrossValidationFolds.Usable"/> has it.</exception>
    public static BaselineResult Run(LabeledTable train, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        var folds = CrossValidationFolds.Usable(train, policy.Folds, policy.Seed);
        var scores = Penalties.Select(_ => new double[folds.Length]).ToArray();
        for (var fold = 0; fold < folds.Length; fold++)
        {
            var ofFold = FoldRows.Use(train, folds, fold, LearnerKind.Linear, policy, rows => Array.ConvertAll(Penalties, lambda =>
            {
                using var fit = new FoldFit(rows, FitPlan.Linear(lambda, LearningObjective.Of(train)));
                fit.Boost(cancellationToken);
                return fit.Measure([policy.Metric])[0];
            }));
            for (var p = 0; p < Penalties.Length; p++) scores[p][fold] = ofFold[p];
        }

        var sign = MetricNames.IsHigherBetter(policy.Metric) ? -1 : 1;
        var best = Enumerable.Range(0, Penalties.Length).OrderBy(p => sign * scores[p].Average()).ThenByDescending(p => Penalties[p]).First();
        return new BaselineResult(
            Penalties[best],
            scores[best].Average(),
            SampleMean.DeviationOf(scores[best]),
            scores[best],
            Passes,
            [.. Penalties.Select((lambda, p) => new TriedPenalty(lambda, scores[p].Average()))]);
    }
}
