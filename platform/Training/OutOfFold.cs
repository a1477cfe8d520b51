using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>What a chosen learner predicts for training rows by models that did not see them.</summary>
/// <param name="Margins">The log-odds of the positive class; of several classes the margins of each, row by row.</param>
/// <param name="Labels">What is true.</param>
/// <param name="Folds">Which fold held the row out.</param>
internal sealed record OutOfFold(float[] Margins, float[] Labels, int[] Folds)
{
    /// <exception cref="InvalidOperationException">No fold can be measured on, as <see cref="CrossValidationFolds.Usable"/> has it.</exception>
    public static OutOfFold Of(LabeledTable train, IReadOnlyList<FitPlan> blended, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        var folds = CrossValidationFolds.Usable(train, policy.Folds, policy.Seed);
        var margins = new float[folds.Length][];
        Parallel.For(0, folds.Length, ModelTrainer.SideBySide(cancellationToken), fold =>
        {
            var rows = FoldRows.Of(train, folds[fold], blended[0].Kind);
            margins[fold] = Mean([.. blended.Select(plan => MarginsOf(rows, plan, policy, cancellationToken))]);
        });
        return new OutOfFold(
            [.. margins.SelectMany(m => m)], [.. folds.SelectMany(f => f.Select(r => train.Labels[r]))], [.. folds.SelectMany((f, n) => f.Select(_ => n))]);
    }

    public int FoldCount => Folds.Max() + 1;

    private static float[] MarginsOf(FoldRows rows, FitPlan plan, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        using var fit = new FoldFit(rows, plan, policy.Weights);
        fit.Boost(cancellationToken);
        return fit.PredictMargins();
    }

    private static float[] Mean(IReadOnlyList<float[]> blended) =>
        blended.Count == 1 ? blended[0] : [.. Enumerable.Range(0, blended[0].Length).Select(i => (float)blended.Average(margins => (double)margins[i]))];
}
