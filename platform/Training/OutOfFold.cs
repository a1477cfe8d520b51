using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>What a chosen trial predicts for training rows by models that did not see them.</summary>
/// <param name="Scores">The probability of the positive class.</param>
/// <param name="Labels">What is true.</param>
/// <param name="Folds">Which fold held the row out.</param>
internal sealed record OutOfFold(float[] Scores, float[] Labels, int[] Folds)
{
    /// <exception cref="InvalidOperationException">No fold holds out rows of both classes and leaves rows of both to learn from.</exception>
    public static OutOfFold Of(LabeledTable train, TrialResult trial, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        var folds = CrossValidationFolds.Usable(train, policy.Folds, policy.Seed);
        var scores = new List<float>();
        foreach (var fold in folds)
        {
            using var fit = FoldFit.Create(train, fold, trial.Parameters, policy.Seed);
            for (var round = 0; round < trial.Rounds; round++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                fit.Boost(round);
            }

            scores.AddRange(fit.Predict());
        }

        return new OutOfFold(
            [.. scores], [.. folds.SelectMany(f => f.Select(r => train.Labels[r]))], [.. folds.SelectMany((f, n) => f.Select(_ => n))]);
    }
}
