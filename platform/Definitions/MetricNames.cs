namespace Serverless.Platform.Definitions;

/// <summary>The metrics a definition may name, as they are called in definitions and in metrics.json.</summary>
public static class MetricNames
{
    public const string RocAuc = "roc-auc";
    public const string PrAuc = "pr-auc";
    public const string LogLoss = "log-loss";
    public const string Brier = "brier";
    public const string Ks = "ks";

    public static IReadOnlyList<string> All { get; } = [RocAuc, PrAuc, LogLoss, Brier, Ks];
}
