using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>The metrics of a task, by name.</summary>
/// <param name="All">Those of the scores: what trials are chosen by, and what has a bootstrap interval.</param>
/// <param name="Gated">What a gate may set a bound for.</param>
/// <param name="Losses">Those of them that are losses.</param>
/// <param name="Default">What trials are chosen by where the definition does not say.</param>
public sealed record TaskMetricNames(IReadOnlyList<string> All, IReadOnlyList<string> Gated, IReadOnlyList<string> Losses, string Default);

/// <summary>The metrics of models, by the names they have in definitions and in metrics.json.</summary>
public static class MetricNames
{
    /// <summary>Area under the ROC curve, 0 to 1.</summary>
    public const string RocAuc = "roc-auc";

    /// <summary>Area under the precision-recall curve (average precision), 0 to 1.</summary>
    public const string PrAuc = "pr-auc";

    /// <summary>Mean negative log-likelihood in nats; a loss.</summary>
    public const string LogLoss = "log-loss";

    /// <summary>Mean squared error of the probability, 0 to 1; a loss.</summary>
    public const string Brier = "brier";

    /// <summary>Kolmogorov–Smirnov distance between the scores of the two classes, 0 to 1.</summary>
    public const string Ks = "ks";

    /// <summary>Expected calibration error over bins of equal count, 0 to 1; a loss.</summary>
    public const string CalibrationError = "calibration-error";

    /// <summary>Of the rows predicted positive, the share that is, 0 to 1.</summary>
    public const string Precision = "precision";

    /// <summary>Of the positive rows, the share predicted so, 0 to 1.</summary>
    public const string Recall = "recall";

    /// <summary>Of the negative rows, the share predicted so, 0 to 1.</summary>
    public const string Specificity = "specificity";

    /// <summary>The share of rows predicted right, 0 to 1.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>What the errors at the threshold cost per row, in the definition's unit; a loss.</summary>
    public const string CostPerRow = "cost-per-row";

    /// <summary>The mean over the classes of the share of a class's rows that are predicted so, 0 to 1.</summary>
    public const string BalancedAccuracy = "balanced-accuracy";

    /// <summary>The mean over the classes of the harmonic mean of precision and recall, 0 to 1.</summary>
    public const string MacroF1 = "macro-f1";

    /// <summary>Root of the mean squared error, in the target's unit; a loss.</summary>
    public const string Rmse = "rmse";

    /// <summary>Mean absolute error, in the target's unit; a loss.</summary>
    public const string Mae = "mae";

    /// <summary>Median absolute error, in the target's unit; a loss.</summary>
    public const string MedianAbsoluteError = "median-absolute-error";

    /// <summary>The share of the target's variance that is predicted, at most 1; 0 is what the mean alone reaches.</summary>
    public const string R2 = "r2";

    /// <summary>The positive rate among the tenth of the rows with the highest scores, over that of all rows; 1 is chance.</summary>
    public const string TopDecileLift = "top-decile-lift";

    /// <summary>The sample standard deviation of the training metric over the folds, in its unit; a loss.</summary>
    public const string FoldDeviation = "fold-deviation";

    private static readonly TaskMetricNames Multiclass = new(
        [LogLoss, Accuracy, BalancedAccuracy, MacroF1, RocAuc, Brier],
        [LogLoss, Accuracy, BalancedAccuracy, MacroF1, RocAuc, Brier, CalibrationError, FoldDeviation],
        [LogLoss, Brier, CalibrationError, FoldDeviation],
        LogLoss);

    private static readonly TaskMetricNames Regression = new(
        [Rmse, Mae, R2, MedianAbsoluteError], [Rmse, Mae, R2, MedianAbsoluteError, FoldDeviation], [Rmse, Mae, MedianAbsoluteError, FoldDeviation], Rmse);

    /// <summary>Of a binary classifier, the metrics of the scores: what trials are chosen by, and what has a bootstrap interval.</summary>
    public static IReadOnlyList<string> All { get; } = [RocAuc, PrAuc, LogLoss, Brier, Ks];

    /// <summary>Of a binary classifier, what a gate may set a bound for: the metrics of the scores, those of the predictions at the threshold, and how steady it is.</summary>
    public static IReadOnlyList<string> Gated { get; } = [.. All, CalibrationError, Precision, Recall, Specificity, Accuracy, CostPerRow, TopDecileLift, FoldDeviation];

    /// <summary>Those of them that are losses.</summary>
    public static IReadOnlyList<string> Losses { get; } = [LogLoss, Brier, CalibrationError, CostPerRow, FoldDeviation];

    /// <summary>What a definition of a task may name.</summary>
    public static TaskMetricNames For(LearningTask task) => task switch
    {
        LearningTask.MulticlassClassification => Multiclass,
        LearningTask.Regression => Regression,
        _ => new TaskMetricNames(All, Gated, Losses, RocAuc),
    };

    /// <summary>Whether a metric may exceed 1.</summary>
    public static bool IsUnbounded(string metric) => metric is LogLoss or CostPerRow or TopDecileLift or FoldDeviation || IsInTargetUnit(metric);

    /// <summary>Whether a metric is in the target's unit, and so of any size.</summary>
    public static bool IsInTargetUnit(string metric) => metric is Rmse or Mae or MedianAbsoluteError;

    /// <summary>True for scores, false for losses.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static bool IsHigherBetter(string metric) => metric switch
    {
        RocAuc or PrAuc or Ks or Precision or Recall or Specificity or Accuracy or BalancedAccuracy or MacroF1 or R2 or TopDecileLift => true,
        LogLoss or Brier or CalibrationError or CostPerRow or Rmse or Mae or MedianAbsoluteError or FoldDeviation => false,
        _ => throw new ArgumentException(
            $"Found metric '{metric}'; expected one of {string.Join(", ", Gated.Concat(Multiclass.Gated).Concat(Regression.Gated).Distinct())}.", nameof(metric)),
    };
}
