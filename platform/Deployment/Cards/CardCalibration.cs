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
        var bins = curve.Bins.Count == 1 ? "1 bin" : $"{curve.Bins.Count} bins";
        return $"Expected calibration error {CardText.Figure(curve.ExpectedError)}: the mean distance of what was expected from what was observed, in {bins} of about "
            + $"{CardText.Count(rows)} rows; the greatest is {CardText.Figure(curve.GreatestError)}."
            + (curve.Bins.Count < LeastBins ? " So few bins can hide errors that cancel out within one." : "")
            + (curve.ByChance is not { } chance
                ? ""
                : $" A model whose scores all come true would show up to {CardText.Figure(chance)} by chance, in 95% of samples of so many rows with these scores: "
                    + (curve.ExpectedError <= chance ? "what was found is within that." : "what was found is more than that."));
    }
}
