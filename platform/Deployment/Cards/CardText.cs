using System.Globalization;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How figures are written on a card.</summary>
internal static class CardText
{
    /// <summary>A figure of any size: three decimals, fewer of a large one, and powers of ten of a very small one.</summary>
    public static string Figure(double? value) => value is { } v
        ? v.ToString(
            Math.Abs(v) switch { >= 1e9 => "0.00E+0", >= 1_000 => "N0", >= 100 => "F1", >= 10 => "F2", < 0.001 and > 0 => "0.0E+0", _ => "F3" }, CultureInfo.InvariantCulture)
        : "–";

    /// <summary>A figure that is held against a bound: four significant digits, so that the two are not rounded into one.</summary>
    public static string Precise(double? value) => value is { } v
        ? v.ToString(Math.Abs(v) is >= 1_000 and < 1e9 ? "#,0.##" : "G4", CultureInfo.InvariantCulture) : "–";

    public static string PreciseInterval(double? low, double? high) => low is null || high is null ? "–" : $"{Precise(low)} – {Precise(high)}";

    /// <summary>A text that ends as a sentence does.</summary>
    public static string Sentence(string text) => text.Length > 0 && text[^1] is '.' or '!' or '?' ? text : $"{text}.";

    /// <summary>A figure that a person gave: as it was given.</summary>
    public static string Given(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    public static string Signed(double value) => (value > 0 ? "+" : value < 0 ? "−" : "") + Figure(Math.Abs(value));

    public static string Percent(double? share) => share is { } s ? (100 * s).ToString("F1", CultureInfo.InvariantCulture) + "%" : "–";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Interval(double? low, double? high) => low is null || high is null ? "–" : $"{Figure(low)} – {Figure(high)}";

    public static string Share(Proportion? share) => share is null ? "–" : $"{Percent(share.Value)} ({Percent(share.Low)} – {Percent(share.High)})";

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A text cut to at most so many characters, for where there is no more room.</summary>
    public static string Short(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1), "…");

    /// <summary>What a metric is called on a card, by its name in metrics.json.</summary>
    public static string NameOf(string metric) => metric switch
    {
        MetricNames.RocAuc => "ROC AUC",
        MetricNames.PrAuc => "PR AUC (average precision)",
        MetricNames.LogLoss => "Log loss",
        MetricNames.Brier => "Brier score",
        MetricNames.Ks => "KS distance",
        MetricNames.Accuracy => "Accuracy",
        MetricNames.BalancedAccuracy => "Balanced accuracy",
        MetricNames.MacroF1 => "Macro F1",
        MetricNames.Rmse => "RMSE",
        MetricNames.Mae => "Mean absolute error",
        MetricNames.R2 => "R²",
        MetricNames.MedianAbsoluteError => "Median absolute error",
        _ => metric,
    };

    /// <summary>How a metric is read.</summary>
    /// <param name="metric">Its name in metrics.json.</param>
    /// <param name="ofClasses">Whether it is of several classes.</param>
    public static string MeaningOf(string metric, bool ofClasses) => metric switch
    {
        MetricNames.RocAuc when ofClasses => "chance that a row of a class scores above one of another, mean over the classes; 0.5 is chance, 1 is best",
        MetricNames.RocAuc => "chance that a positive row scores above a negative one; 0.5 is chance, 1 is best",
        MetricNames.PrAuc => "mean precision over all recalls; the base rate is chance, 1 is best",
        MetricNames.LogLoss => "mean surprise of the outcome, in nats; 0 is best",
        MetricNames.Brier when ofClasses => "squared error of the probabilities, summed over the classes; 0 is best, 2 is worst",
        MetricNames.Brier => "mean squared error of the probability; 0 is best",
        MetricNames.Ks => "greatest distance of the two classes' score distributions; 1 is best",
        MetricNames.Accuracy => "share of rows whose class is predicted; 1 is best",
        MetricNames.BalancedAccuracy => "mean over the classes of the share of their rows predicted so, each class counting the same; 1 is best",
        MetricNames.MacroF1 => "mean over the classes of the harmonic mean of precision and recall; 1 is best",
        MetricNames.Rmse => "root of the mean squared error, in the target's unit; large errors weigh more; 0 is best",
        MetricNames.Mae => "mean of the errors' size, in the target's unit; 0 is best",
        MetricNames.R2 => "share of the target's variance that is predicted; 0 is what its mean alone reaches, 1 is best",
        MetricNames.MedianAbsoluteError => "half of the errors are no larger, in the target's unit; 0 is best",
        _ => "",
    };
}
