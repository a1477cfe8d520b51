using System.Globalization;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How figures are written on a card.</summary>
internal static class CardText
{
    public static string Figure(double? value) =>
        value is { } v ? v.ToString(Math.Abs(v) >= 1_000 ? "N0" : Math.Abs(v) >= 100 ? "F1" : "F3", CultureInfo.InvariantCulture) : "–";

    /// <summary>A figure that a person gave: as it was given.</summary>
    public static string Given(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    public static string Signed(double value) => value.ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture);

    public static string Percent(double? share) => share is { } s ? (100 * s).ToString("F1", CultureInfo.InvariantCulture) + "%" : "–";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Interval(double? low, double? high) => low is null || high is null ? "–" : $"{Figure(low)} – {Figure(high)}";

    public static string Share(Proportion? share) => share is null ? "–" : $"{Percent(share.Value)} ({Percent(share.Low)} – {Percent(share.High)})";

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>What a metric is called on a card, by its name in metrics.json.</summary>
    public static string NameOf(string metric) => metric switch
    {
        MetricNames.RocAuc => "ROC AUC",
        MetricNames.PrAuc => "PR AUC (average precision)",
        MetricNames.LogLoss => "Log loss",
        MetricNames.Brier => "Brier score",
        MetricNames.Ks => "KS distance",
        _ => metric,
    };

    public static string MeaningOf(string metric) => metric switch
    {
        MetricNames.RocAuc => "chance that a positive row scores above a negative one; 0.5 is chance, 1 is best",
        MetricNames.PrAuc => "mean precision over all recalls; the base rate is chance, 1 is best",
        MetricNames.LogLoss => "mean surprise of the outcome, in nats; 0 is best",
        MetricNames.Brier => "mean squared error of the probability; 0 is best",
        MetricNames.Ks => "greatest distance of the two classes' score distributions; 1 is best",
        _ => "",
    };
}
