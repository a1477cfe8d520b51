using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <param name="Result">How good the trial was on these folds.</param>
/// <param name="Curves">How it came to be so, fold by fold.</param>
/// <param name="Folds">How many folds there are in all.</param>
public sealed record TrialFit(TrialResult Result, IReadOnlyList<FoldCurve> Curves, int Folds);

/// <summary>
/// Cross-validates one set of hyperparameters on some of the folds, side by side.
/// The result is the same to the last bit for the same input, however many trials run beside it.
/// </summary>
public static class TrialRunner
{
    /// <summary>The most boosting rounds of a model.</summary>
    public const int MostRounds = 1_000;

    /// <summary>Boosting stops after at least this many rounds without a better score or a lower loss; after more where each round learns little.</summary>
    public const int LeastPatience = 50;

    // Rounds times learning rate in which a fold's score and loss may stand still by chance.
    private const double PatienceInSteps = 3;

    /// <param name="train">The rows to learn from and to validate on. They must meet <see cref="TrainingRequirements"/>.</param>
    /// <param name="parameters">What to try.</param>
    /// <param name="policy">The metric to stop by, the number of folds, and the seed: all trials of a run share the folds it gives.</param>
    /// <param name="first">The first fold to fit, from 0.</param>
    /// <param name="end">The fold to stop before; there may be fewer.</param>
    /// <param name="cancellationToken">Checked before every boosting round.</param>
    /// <returns>The fit; null when there are no folds from <paramref name="first"/> on.</returns>
    /// <exception cref="InvalidOperationException">No fold can be measured on, as <see cref="CrossValidationFolds.Usable"/> has it.</exception>
    public static TrialFit? Run(
        LabeledTable train, TrialParameters parameters, TrainingPolicy policy, int first, int end, CancellationToken cancellationToken)
    {
        var folds = CrossValidationFolds.Usable(train, policy.Folds, policy.Seed);
        var objective = LearningObjective.Of(train);
        var curves = new FoldCurve[Math.Max(0, Math.Min(end, folds.Length) - first)];
        SideBySide.For(curves.Length, cancellationToken, place =>
        {
            var fold = first + place;
            curves[place] = FoldRows.Use(train, folds, fold, LearnerKind.Trees, policy, rows =>
            {
                using var fit = new FoldFit(rows, FitPlan.Of(parameters, objective.MostRounds, policy.Seed, objective));
                var stopping = new EarlyStopping(policy.Metric, objective.Loss, PatienceOf(parameters));
                return new FoldCurve(fold, Boost(fit, stopping, objective.MostRounds, cancellationToken));
            });
        });
        return curves.Length == 0 ? null : new TrialFit(TrialResult.Of(parameters, curves, policy.Metric), curves, folds.Length);
    }

    internal static int PatienceOf(TrialParameters parameters) => Math.Max(LeastPatience, (int)Math.Ceiling(PatienceInSteps / parameters.LearningRate));

    private static List<double> Boost(FoldFit fit, EarlyStopping stopping, int mostRounds, CancellationToken cancellationToken)
    {
        var scores = new List<double>();
        for (var round = 0; round < mostRounds && !stopping.IsOver(round); round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            fit.Boost(round);
            if ((round + 1) % FoldCurve.Step != 0) continue;
            var measured = fit.Measure(stopping.Watched);
            scores.Add(measured[0]);
            stopping.Take(round + 1, measured);
        }

        return scores;
    }
}
