using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The groups of a sensitive column under a model of a number.</summary>
internal static class CardValueGroups
{
    public static Html Render(string column, IReadOnlyList<ValueGroupFairness> groups)
    {
        var plot = CardBars.Render(
            $"Root mean squared error by {column}, with 95% intervals",
            [.. groups.Select(g => new CardBar(CardGroups.Name(g.Group, g.Small), g.Rmse.Value, g.Rmse.Low, g.Rmse.High, CardText.Figure(g.Rmse.Value)))],
            Math.Max(1e-12, groups.Max(g => g.Rmse.High)), "curve-bar");
        return plot + Html.Table(["group", "#rows", "#mean true value", "#mean predicted", "#mean error", "#RMSE"], groups.Select(g => new[]
        {
            Html.Text(CardGroups.Name(g.Group, g.Small)), Html.Text(CardText.Count(g.Rows)), Html.Text(CardText.Figure(g.MeanActual)), CardGroups.Estimate(g.MeanPrediction),
            Html.Of($"{CardText.Signed(g.MeanError.Value)}<br><span class=\"soft\">{CardText.Signed(g.MeanError.Low)} to {CardText.Signed(g.MeanError.High)}</span>"),
            CardGroups.Estimate(g.Rmse),
        }));
    }
}
