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

    public static IReadOnlyList<string> All { get; } = [RocAuc, PrAuc, LogLoss, Brier, Ks];

    /// <summary>True for scores, false for losses.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static bool IsHigherBetter(string metric) => metric switch
    {
        RocAuc or PrAuc or Ks => true,
        LogLoss or Brier => false,
        _ => throw new ArgumentException($"Found metric '{metric}'; expected one of {string.Join(", ", All)}.", nameof(metric)),
    };
}
