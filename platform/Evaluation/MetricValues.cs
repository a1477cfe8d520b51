namespace Serverless.Platform.Evaluation;

/// <summary>Each metric's value on one set of rows.</summary>
internal readonly record struct MetricValues(double RocAuc, double PrAuc, double LogLoss, double Brier, double Ks)
{
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public double this[string metric] => metric switch
    {
        MetricNames.RocAuc => RocAuc,
        MetricNames.PrAuc => PrAuc,
        MetricNames.LogLoss => LogLoss,
        MetricNames.Brier => Brier,
        MetricNames.Ks => Ks,
        _ => throw new ArgumentException($"Found metric '{metric}'; expected one of {string.Join(", ", MetricNames.All)}.", nameof(metric)),
    };
}
