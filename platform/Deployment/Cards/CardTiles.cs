using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <param name="Name">What the figure is.</param>
/// <param name="Value">The figure.</param>
/// <param name="Under">What stands beneath it: its interval, or a figure to read it by.</param>
internal sealed record CardTile(string Name, string Value, string Under);

/// <summary>The few figures at the head of a card.</summary>
internal static class CardTiles
{
    private static readonly string[] Shown =
    [
        MetricNames.RocAuc, MetricNames.Ks, MetricNames.Accuracy, MetricNames.MacroF1, MetricNames.Brier,
        MetricNames.Rmse, MetricNames.Mae, MetricNames.R2,
    ];

    public static IEnumerable<CardTile> Of(CardContent card)
    {
        foreach (var metric in Shown)
        {
            if (card.Metrics.Metrics.TryGetValue(metric, out var found))
            {
                yield return new CardTile(CardText.NameOf(metric), CardText.Figure(found.Value), CardText.Interval(found.Low, found.High));
            }
        }

        if (card.Metrics.Calibration is { Bins.Count: >= CardCalibration.LeastBins } calibration)
        {
            yield return new CardTile(
                "Calibration error", CardText.Figure(calibration.ExpectedError),
                calibration.ByChance is not { } chance ? $"greatest {CardText.Figure(calibration.GreatestError)}" : $"by chance alone up to {CardText.Figure(chance)}");
        }

        if (card.Metrics.Confusion is { } confusion)
        {
            yield return new CardTile("Recall at the threshold", CardText.Percent(confusion.Recall), $"precision {CardText.Percent(confusion.Precision)}");
        }

        if (card.Metrics.Residuals is { } residuals)
        {
            yield return new CardTile(
                "Mean error", CardText.Signed(residuals.MeanError.Value), $"{CardText.Signed(residuals.MeanError.Low)} to {CardText.Signed(residuals.MeanError.High)}");
        }
    }
}
