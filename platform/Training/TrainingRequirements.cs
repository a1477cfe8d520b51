using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Training;

/// <summary>What a dataset must hold to be learned from.</summary>
public static class TrainingRequirements
{
    /// <summary>The least number of rows of each class. <value>Default 20.</value></summary>
    public const int LeastRowsPerClass = 20;

    /// <returns>Why cross-validation has no fold to measure on, as may be where rows are not split by chance; null if it has.</returns>
    public static Refusal? CheckFolds(LabeledTable train, TrainingPolicy policy) =>
        train.Keys is null || CrossValidationFolds.FindUsable(train, policy.Folds, policy.Seed).Length > 0
            ? null
            : new Refusal(
                $"None of {policy.Folds} folds by {train.Keys.By.ToString().ToLowerInvariant()} has different targets among its rows and among those to learn from; expected at least one.",
                "Bring rows of more times or groups, or write 'split: random' under 'training'.");

    /// <returns>Why the table cannot be learned from; null if it can.</returns>
    public static Refusal? Check(LabeledTable train, string target)
    {
        if (train.Features.Columns.Count == 0)
        {
            return new Refusal("Found no column to learn from besides the target and the ignored ones; expected at least one.", "Add feature columns, or ignore fewer.");
        }

        var positives = train.Labels.Count(l => l == 1);
        var negatives = train.RowCount - positives;
        return Math.Min(positives, negatives) >= LeastRowsPerClass
            ? null
            : new Refusal(
                $"Found {positives} positive and {negatives} negative rows to train on; expected at least {LeastRowsPerClass} of each.",
                "Bring more rows of the rarer class, or check the target's positive value in the definition.",
                Column: target);
    }
}
