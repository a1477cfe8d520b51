using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The groups of a sensitive column under a model of several classes.</summary>
internal static class CardClassGroups
{
    // More leave no room beside one another.
    private const int MostClasses = 6;

    public static Html Render(string column, IReadOnlyList<ClassGroupFairness> groups)
    {
        var plot = CardBars.Render(
            $"Share of rows whose class is predicted (accuracy) by {column}, with 95% intervals",
            [.. groups.Select(g => new CardBar(
                CardGroups.Name(g.Group, g.Small), g.Accuracy.Value, g.Accuracy.Low, g.Accuracy.High, CardText.Percent(g.Accuracy.Value)))],
            1, "curve-bar");
        // Those that the model predicts most.
        int[] shown = groups.Count == 0
            ? []
            : [.. Enumerable.Range(0, groups[0].Classes.Count)
                .OrderByDescending(c => groups.Sum(g => g.Rows * g.Classes[c].Predicted.Value)).ThenBy(c => c).Take(MostClasses).Order()];
        string[] headers = ["group", "#rows", "#accuracy", "#log loss", .. shown.Select(c => $"#predicted '{CardText.Short(groups[0].Classes[c].Class, 18)}' (is)")];
        var table = Html.Table(headers, groups.Select(g => (Html[])
        [
            Html.Text(CardGroups.Name(g.Group, g.Small)), Html.Text(CardText.Count(g.Rows)), CardGroups.Share(g.Accuracy), CardGroups.Estimate(g.LogLoss),
            .. shown.Select(c => Html.Of(
                $"{CardText.Percent(g.Classes[c].Predicted.Value)}<br><span class=\"soft\">({CardText.Percent(g.Classes[c].Actual.Value)})</span>")),
        ]));
        var more = groups.Count == 0 || groups[0].Classes.Count <= MostClasses
            ? Html.Empty
            : Html.Of($"<p class=\"soft\">Shares of the {MostClasses} of {groups[0].Classes.Count} classes predicted most; fairness.json has all.</p>");
        return plot + table + more;
    }
}
