namespace Serverless.Platform.Deployment.Cards;

/// <summary>How the intervals on a card were made, for the page and the text alike.</summary>
internal static class CardIntervals
{
    public static string Describe(CardContent card) =>
        $"Intervals are at 95%: of the metrics percentiles of {CardText.Count(card.Metrics.Resamples)} stratified bootstrap resamples of the held-out rows, in which each class "
            + "keeps its count, of shares by Wilson's score, of the ROC AUC of a group by DeLong.";
}
