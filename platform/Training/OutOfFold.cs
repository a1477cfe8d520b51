using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>What a chosen learner predicts for training rows by models that did not see them.</summary>
/// <param name="Margins">The log-odds of the positive class.</param>
/// <param name="Labels">What is true.</param>
/// <param name="Folds">Which fold held the row out.</param>
internal sealed record OutOfFold(float[] Margins, float[] Labels, int[] Folds)
{
    /// <exception cref="InvalidOperationException">No fold holds out rows of both classes and leaves rows of both to learn from.</exception>
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
