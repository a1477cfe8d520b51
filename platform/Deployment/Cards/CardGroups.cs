using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How a version treats the groups of each sensitive column.</summary>
internal static class CardGroups
{
    private const int MostShown = 40;

    public static Html Render(CardContent card) => card.Fairness is not { } fairness
        ? Html.Empty
        : Html.Of($"<h2>Groups of people</h2><p>{fairness.Reading}</p>{Html.Join(fairness.Columns.Select(c => Column(c, fairness.Positive ?? "")))}");

    private static Html Column(ColumnFairness whole, string positive)
    {
        var column = whole with { Groups = [.. whole.Groups.Take(MostShown)] };
        var more = whole.Groups.Count <= MostShown ? Html.Empty : Html.Of($"<p class=\"soft\">{MostShown} of {whole.Groups.Count} groups; fairness.json has all.</p>");
        string[] headers = ["group", "#rows", $"#are '{positive}'", "#mean score", $"#predicted '{positive}'", "#true pos. rate", "#false pos. rate", "#precision", "#ROC AUC"];
        var groups = Html.Table(headers, column.Groups.Select(g => new[]
        {
            Html.Text(g.Group + (g.Small ? " *" : "")), Html.Text(CardText.Count(g.Rows)),
            Share(g.BaseRate), Html.Text(CardText.Percent(g.MeanScore)), Share(g.SelectionRate), Share(g.TruePositiveRate), Share(g.FalsePositiveRate), Share(g.Precision),
            g.RocAuc is { } auc ? Html.Of($"{CardText.Figure(auc.Value)}<br><span class=\"soft\">{CardText.Interval(auc.Low, auc.High)}</span>") : Html.Text("–"),
        }));
        var measures = Html.Table(["measure", "#value", "#95% interval", "#when equal", "lowest – highest", "definition"], column.Measures.Select(m => Html.Cells(
            m.Name, CardText.Figure(m.Value), CardText.Interval(m.Low, m.High), m.Equal == 0 ? "0" : "1",
            m.Value is null ? "fewer than two groups can be compared" : $"{m.Lowest} – {m.Highest}", m.Definition)));
        var note = column.Groups.Any(g => g.Small)
            ? Html.Of($"<p class=\"soft\">* fewer than {SliceEvaluation.LeastRows} rows, or put together of such groups: shown, but left out of the measures.</p>") : Html.Empty;
        return Html.Of($"<h3>{column.Column}</h3>{CardPlots.Groups(column, positive)}{groups}{more}{note}{measures}");
    }

    private static Html Share(Proportion? share) => share is null
        ? Html.Text("–")
        : Html.Of($"{CardText.Percent(share.Value)}<br><span class=\"soft\">{CardText.Percent(share.Low)} – {CardText.Percent(share.High)}</span>");
}
