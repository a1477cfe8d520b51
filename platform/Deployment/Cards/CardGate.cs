using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The gate's rules and what they found.</summary>
internal static class CardGate
{
    public static Html Render(CardContent card)
    {
        var gate = card.Decision.Gate;
        var rules = Html.Table(["rule", "#value", "#95% interval", "#bound", "", "in words"], gate.Reasons.Select(r => new[]
        {
            Html.Text(r.Rule), Html.Text(CardText.Precise(r.Found)), Html.Text(CardText.PreciseInterval(r.Low, r.High)), Html.Text(Bound(r)),
            r.Passed ? Html.Of($"<span class=\"yes\">passed</span>") : Html.Of($"<span class=\"nope\">failed</span>"), Html.Text(r.Explanation),
        }));
        return Html.Of($"<h2>The gate: {(gate.Passed ? "passed" : "not passed")}</h2>{rules}{Comparison(gate)}");
    }

    /// <summary>What a rule holds the candidate to.</summary>
    public static string Bound(GateReason rule) => rule.Required is null ? "–" : $"{(rule.AtLeast ? "≥" : "≤")} {CardText.Precise(rule.Required)}";

    private static Html Comparison(GateDecision gate) => gate.Comparison is not { } comparison
        ? Html.Of($"<p class=\"soft\">{gate.Ungated ?? "There was no champion to compare with on the same rows."}</p>")
        : Html.Of($"""
            <h3>Beside the champion, version {comparison.Champion}</h3>{(gate.Ungated is { } ungated ? Html.Of($"<p>{ungated}</p>") : Html.Empty)}
            <p class="soft">Both on the same {CardText.Count(comparison.Rows)} held-out rows; intervals by {CardText.Count(comparison.Resamples)} paired bootstrap resamples.
            A difference whose interval holds 0 may be chance.{(comparison.LeftOut is { } left ? $" {left.Reason}" : "")}</p>
            {Html.Table(["metric", "#candidate − champion", "#95% interval", "#better in", "better is"], comparison.Metrics.Select(m => Html.Cells(
                CardText.NameOf(m.Key), CardText.Signed(m.Value.Value), $"{CardText.Signed(m.Value.Low)} to {CardText.Signed(m.Value.High)}",
                $"{CardText.Percent(m.Value.ShareBetter)} of resamples", MetricNames.IsHigherBetter(m.Key) ? "higher" : "lower")))}
            """);
}
