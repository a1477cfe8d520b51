using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Training;

/// <summary>What a dataset must hold to be learned from.</summary>
public static class TrainingRequirements
{
    /// <summary>The least number of rows of each class. <value>Default 20.</value></summary>
    public const int LeastRowsPerClass = 20;

    /// <summary>The least number of rows to learn a number from. <value>Default 40.</value></summary>
    public const int LeastRows = 40;

    /// <summary>How much of the memory that there is a training may be expected to take. <value>Default 0.8: the rest of the process needs some too.</value></summary>
    public const double MemoryShare = 0.8;

    // Measured with 400,000 rows to learn from, 29 columns and 71 features: 2.2 GB at most, of which all but some megabytes rise with rows times features.
    // With 25,000 and 100,000 rows, and with two and eight processors, a feature of a row took 50 to 56 bytes more.
    // They are held as values, as XGBoost keeps them and as bins, for the rows of a fold and for all, by trees and by the baseline beside them.
    private const int BytesOfFeature = 75;
    private const int BytesOfColumn = 50;

    /// <param name="train">All training rows.</param>
    /// <param name="available">The bytes that there are for the process: the machine's or the container's memory.</param>
    /// <returns>Why it would be killed for want of memory; null where it would not.</returns>
    public static Refusal? CheckMemory(LabeledTable train, long available)
    {
        var columns = train.Features.Columns;
        if (Bytes(columns.Sum(c => MostFeatures(c.Kind))) <= MemoryShare * available) return null;
        var features = FeatureEncoding.Learn(train).FeatureCount;
        return Bytes(features) <= MemoryShare * available
            ? null
            : new Refusal(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"To train on {train.RowCount:N0} rows of {features:N0} {(features == 1 ? "feature" : "features")} takes about {Amount(Bytes(features))} of memory; expected at most {100 * MemoryShare:F0}% of the {Amount(available)} that there are."),
                "Give it more memory, or learn from fewer rows or columns.");

        static string Amount(double bytes) => bytes >= 5e7
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F2} MB");

        double Bytes(int features) => (double)train.RowCount * ((features * BytesOfFeature) + (columns.Count * BytesOfColumn));
    }

    private static int MostFeatures(ColumnKind kind) => kind switch
    {
        ColumnKind.Category => FeatureEncoding.MostCategories + 2,
        ColumnKind.Text => TextWords.MostWords,
        ColumnKind.Date => DateFeatures.Count,
        _ => 1,
    };

    /// <returns>How many folds trials are measured on.</returns>
    public static int CountFolds(LabeledTable train, TrainingPolicy policy) => CrossValidationFolds.FindUsable(train, policy.Folds, policy.Seed).Length;

    /// <returns>Why cross-validation has no fold to measure on, as may be where rows are not split by chance; null if it has.</returns>
    public static Refusal? CheckFolds(LabeledTable train, TrainingPolicy policy) =>
        train.Keys is null || CrossValidationFolds.FindUsable(train, policy.Folds, policy.Seed).Length > 0
            ? null
            : new Refusal(
                $"None of {policy.Folds} folds by {train.Keys.By.ToString().ToLowerInvariant()} has different targets among its rows and among those to learn from; "
                    + "expected at least one.",
                "Bring rows of more times or groups, or write 'split: random' under 'training'.");

    /// <returns>Why the table cannot be learned from; null if it can.</returns>
    public static Refusal? Check(LabeledTable train, string target)
    {
        if (train.Features.Columns.Count == 0)
        {
            return new Refusal("Found no column to learn from besides the target and the ignored ones; expected at least one.", "Add feature columns, or ignore fewer.");
        }

        return train.Task switch
        {
            LearningTask.MulticlassClassification => CheckClasses(train, target),
            LearningTask.Regression => CheckNumbers(train, target),
            _ => CheckBinary(train, target),
        };
    }

    /// <returns>Why the weights of a definition do not fit the classes; null if they do.</returns>
    public static Refusal? Check(LabeledTable train, ClassWeights? weights)
    {
        var unknown = weights?.ByClass?.Keys.FirstOrDefault(name => !train.Classes.Contains(name));
        return unknown is null ? null : new Refusal(
            $"training.weights names the class '{unknown}', which the target does not have.",
            NearestName.Of(unknown, train.Classes) is { } nearest ? $"Did you mean '{nearest}'? Classes are compared letter by letter." : "Remove it from the weights.");
    }

    private static Refusal? CheckBinary(LabeledTable train, string target)
    {
        var positives = train.Labels.Count(l => l == 1);
        var negatives = train.RowCount - positives;
        return Math.Min(positives, negatives) >= LeastRowsPerClass
            ? null
            : new Refusal(
                $"Found {positives} positive and {negatives} negative rows to train on; expected at least {LeastRowsPerClass} of each.",
                "Bring more rows of the rarer class, or check the target's positive value in the definition.",
                Column: target);
    }

    /// <summary>Two classes of enough rows are something to learn; smaller ones beside them are learned as far as their rows go.</summary>
    private static Refusal? CheckClasses(LabeledTable train, string target)
    {
        var large = train.Labels.CountBy(l => l).Count(c => c.Value >= LeastRowsPerClass);
        return large >= 2
            ? null
            : new Refusal(
                $"Found {large} classes with at least {LeastRowsPerClass} rows to train on, of {train.Classes.Count}; expected at least 2.",
                "Bring more rows, or merge rare classes.",
                Column: target);
    }

    private static Refusal? CheckNumbers(LabeledTable train, string target)
    {
        var distinct = train.Labels.Distinct().Count();
        return train.RowCount >= LeastRows && distinct >= 2
            ? null
            : new Refusal(
                $"Found {train.RowCount} rows with {distinct} values of the target to train on; expected at least {LeastRows} rows and 2 values.",
                "Bring more rows.",
                Column: target);
    }
}
