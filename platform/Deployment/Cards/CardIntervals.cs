using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How the intervals on a card were made, for the page and the text alike.</summary>
internal static class CardIntervals
{
    public static string Describe(CardContent card) =>
        $"Intervals are at 95%: of the metrics percentiles of {CardText.Count(card.Metrics.Resamples)} bootstrap resamples of the held-out rows"
            + (card.Signature.Task == LearningTask.Regression
                ? ""
                : $", drawn whatever their class (classes of fewer than {Bootstrap.FewRows} rows are drawn apart, each keeping its count), of a metric that no row is wrong in Clopper and Pearson's bound")
            + ", of shares by Wilson's score, of the cost by those of both error rates, of the ROC AUC of a group by DeLong.";
}
