using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The groups of a sensitive column under a model of two classes.</summary>
internal static class CardBinaryGroups
{
    public static Html Render(ColumnFairness column, string positive)
    {
        var plot = CardBars.Render(
            $"Share predicted '{positive}' by {column.Column}, with 95% intervals",
            [.. column.Groups.Select(g => new CardBar(
                CardGroups.Name(g.Group, g.Small), g.SelectionRate.Value, g.SelectionRate.Low, g.SelectionRate.High, CardText.Percent(g.SelectionRate.Value)))],
            1, "curve-bar");
        string[] headers = ["group", "#rows", $"#are '{positive}'", "#mean score", $"#predicted '{positive}'", "#true pos. rate", "#false pos. rate", "#precision", "#ROC AUC"];
        return plot + Html.Table(headers, column.Groups.Select(g => new[]
        {
            Html.Text(CardGroups.Name(g.Group, g.Small)), Html.Text(CardText.Count(g.Rows)),
            CardGroups.Share(g.BaseRate), Html.Text(CardText.Percent(g.MeanScore)), CardGroups.Share(g.SelectionRate), Rate(g.TruePositiveRate),
            Rate(g.FalsePositiveRate), Rate(g.Precision), Html.Of($"{CardGroups.Estimate(g.RocAuc)}{CardGroups.Few(g)}"),
        }));

        static Html Rate(Proportion? rate) => Html.Of($"{CardGroups.Share(rate)}{CardGroups.Few(rate)}");
    }
}
