using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How the intervals on a card were made, for the page and the text alike.</summary>
internal static class CardIntervals
{
    public static string Describe(CardContent card)
    {
        var metrics = $"Intervals are at 95%: of the metrics percentiles of {CardText.Count(card.Metrics.Resamples)} bootstrap resamples of the held-out rows";
        var apart = $", drawn whatever their class (classes of fewer than {Bootstrap.FewRows} rows are drawn apart, each keeping its count), of a metric that no row is wrong in Clopper and Pearson's bound";
        var shuffled = card.Importance is null ? "" : ", of what shuffling costs by the standard error over resamples";
        return card.Signature.Task switch
        {
            LearningTask.Regression => $"{metrics}{shuffled}, of means by the normal approximation, of a group's RMSE by that of its square.",
            LearningTask.MulticlassClassification =>
                $"{metrics}{apart}{shuffled}, of shares by Wilson's score, of the ROC AUC of a class by DeLong, of the log loss of a group by the normal approximation.",
            _ => $"{metrics}{apart}{shuffled}, of shares by Wilson's score{(card.Metrics.Cost is null ? "" : ", of the cost by those of both errors' shares of the rows")}, of the ROC AUC of a group by DeLong.",
        };
    }
}
