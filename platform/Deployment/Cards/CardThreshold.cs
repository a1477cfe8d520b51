using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How the threshold was chosen and what it costs, in words, for the page and the text alike.</summary>
internal static class CardThreshold
{
    public static string Rule(CardContent card)
    {
        var rows = "on predictions for the training rows by models that did not see them (out of fold)";
        return card.Lineage.Definition.Training.Cost is { } cost
            ? $"{CardText.Figure(card.Signature.Threshold)}: the score with the least cost {rows}, where a false positive costs {CardText.Given(cost.FalsePositive)} "
                + $"and a false negative {CardText.Given(cost.FalseNegative)} (training.cost)"
            : $"{CardText.Figure(card.Signature.Threshold)}: the score at which true positive rate less false positive rate is greatest (Youden's point) {rows}; "
                + "the definition names no costs of errors (training.cost), and this weighs both classes alike, whatever their sizes";
    }

    /// <summary>What the errors cost, beside what it would cost to do without a model; null without costs.</summary>
    public static string? Cost(ErrorCost? cost)
    {
        if (cost is null) return null;
        var (policy, least) = cost.PerRowAllNegative <= cost.PerRowAllPositive
            ? ("no row positive", cost.PerRowAllNegative) : ("every row positive", cost.PerRowAllPositive);
        var verdict = cost.PerRow >= least
            ? $"The model is no cheaper than predicting {policy}."
            : $"The model costs {CardText.Percent((least - cost.PerRow) / least)} less than the cheaper of these two, predicting {policy}"
                + (cost.High >= least ? ", but its interval reaches that cost." : ".");
        return $"With {CardText.Given(cost.FalsePositive)} for a false positive and {CardText.Given(cost.FalseNegative)} for a false negative the errors cost "
            + $"{CardText.Figure(cost.PerRow)} per row ({CardText.Interval(cost.Low, cost.High)}), {CardText.Figure(cost.Total)} in all. Predicting no row positive would cost "
            + $"{CardText.Figure(cost.PerRowAllNegative)} per row, predicting every row positive {CardText.Figure(cost.PerRowAllPositive)}. {verdict}";
    }
}
