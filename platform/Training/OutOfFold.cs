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
    public static OutOfFold Of(LabeledTable train, FitPlan plan, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        var folds = CrossValidationFolds.Usable(train, policy.Folds, policy.Seed);
        var margins = new List<float>();
        foreach (var fold in folds)
        {
            using var fit = new FoldFit(FoldRows.Of(train, fold, plan.Kind), plan, policy.Weights);
            fit.Boost(cancellationToken);
            margins.AddRange(fit.PredictMargins());
        }

        return new OutOfFold(
            [.. margins], [.. folds.SelectMany(f => f.Select(r => train.Labels[r]))], [.. folds.SelectMany((f, n) => f.Select(_ => n))]);
    }

    public int FoldCount => Folds.Max() + 1;
}
