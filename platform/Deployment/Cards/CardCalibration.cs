using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The calibration error in words, for the page and the text alike.</summary>
internal static class CardCalibration
{
    /// <summary>With fewer bins the error is too coarse to stand at a card's head.</summary>
    public const int LeastBins = 5;

    public static string Describe(CalibrationCurve curve)
    {
        var rows = curve.Bins.Sum(b => b.Rows) / curve.Bins.Count;
        var (bins, interval) = (curve.Bins.Count == 1 ? "1 bin" : $"{curve.Bins.Count} bins", curve.Low is null ? "" : $" ({CardText.Interval(curve.Low, curve.High)})");
        return $"Expected calibration error {CardText.Figure(curve.ExpectedError)}{interval}: the mean distance of what was expected from what was observed, in {bins} of about "
            + $"{CardText.Count(rows)} rows; the greatest is {CardText.Figure(curve.GreatestError)}."
            + (curve.Bins.Count < LeastBins ? " So few bins can hide errors that cancel out within one." : "")
            + (curve.Low is null
                ? ""
                : " The interval is a basic (reversed) bootstrap one: chance adds to this error in the rows, and once more in each resample, so the resamples are turned round at "
                    + "the figure. The figure may therefore stand at the interval's upper end, and is no mistake there.");
    }
}
