namespace Serverless.Platform.Evaluation;

/// <summary>The metrics of a binary classifier, by the names they have in definitions and in metrics.json.</summary>
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

    /// <summary>The metrics of the scores: what trials are chosen by, and what has a bootstrap interval.</summary>
    public static IReadOnlyList<string> All { get; } = [RocAuc, PrAuc, LogLoss, Brier, Ks];

    /// <summary>What a gate may set a bound for: the metrics of the scores, and those of the predictions at the threshold.</summary>
    public static IReadOnlyList<string> Gated { get; } = [.. All, CalibrationError, Precision, Recall, Specificity, Accuracy, CostPerRow];

    /// <summary>Those of them that are losses.</summary>
    public static IReadOnlyList<string> Losses { get; } = [LogLoss, Brier, CalibrationError, CostPerRow];

    /// <summary>Whether a metric may exceed 1.</summary>
    public static bool IsUnbounded(string metric) => metric is LogLoss or CostPerRow;

    /// <summary>True for scores, false for losses.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static bool IsHigherBetter(string metric) => metric switch
    {
        RocAuc or PrAuc or Ks or Precision or Recall or Specificity or Accuracy => true,
        LogLoss or Brier or CalibrationError or CostPerRow => false,
        _ => throw new ArgumentException($"Found metric '{metric}'; expected one of {string.Join(", ", Gated)}.", nameof(metric)),
    };
}
