using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>A card as one page.</summary>
internal static class CardPage
{
    public static string Render(CardContent card)
    {
        var body = Html.Of($"""
            {Header(card)}{CardLineage.Render(card)}{CardSearch.Render(card)}{CardPerformance.Render(card)}{CardGate.Render(card)}
            {CardColumns.Render(card)}{CardGroups.Render(card)}{CardLeakage.Render(card)}{Limits(card)}
            <footer class="soft">{CardIntervals.Describe(card)} The figures stand in the version's own files: metrics, fairness, leakage, importance, decision and lineage, each as JSON.</footer>
            """);
        return Page.Render($"Model card: {card.Model}, version {card.Version}", body);
    }

    private static Html Header(CardContent card)
    {
        var style = card.Decision.Outcome == DecisionOutcome.Deployed ? "badge" : "badge no";
        var badge = Html.Of($"<span class=\"{style}\">{Outcome(card.Decision)}</span>");
        return Html.Of($"""
            <header><h1>{card.Model} <small>version {card.Version}</small></h1>
            <p>{card.Purpose}</p>
            <p>{badge} by {card.Decision.By} on {CardText.Day(card.Decision.At)}: {CardText.Sentence(card.Decision.Reason)}</p></header>
            {Warnings(card)}<div class="tiles">{Html.Join(CardTiles.Of(card).Select(t => Tile(t.Name, t.Value, t.Under)))}</div>

            """);
    }

    /// <summary>What became of it, as it stands before "by".</summary>
    public static string Outcome(ModelDecision decision) => decision.Outcome == DecisionOutcome.AwaitingApproval ? "Awaiting approval, sent" : $"{decision.Outcome}";

    private static Html Warnings(CardContent card) =>
        (card.Untried is { } untried ? Html.Of($"<div class=\"warn\"><b>No trees were tried.</b> {untried}</div>\n") : Html.Empty)
        + Html.Join((card.Leakage?.Findings ?? []).Select(f => Html.Of($"<div class=\"warn\"><b>Possible leakage.</b> {f.Finding} {f.Remedy}</div>\n")));

    private static Html Tile(string name, string value, string under) =>
        Html.Of($"<div class=\"tile\"><span>{name}</span><b>{value}</b><span>{under}</span></div>");

    private static Html Limits(CardContent card) =>
        Html.Of($"<h2>Limits</h2><ul>{Html.Join(CardLimits.Of(card).Select(l => Html.Of($"<li>{l}</li>\n")))}</ul>\n");
}
