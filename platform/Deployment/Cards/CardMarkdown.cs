using System.Text;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>A card as Markdown: the page's figures without its plots.</summary>
internal static class CardMarkdown
{
    public static string Render(CardContent card)
    {
        var text = new StringBuilder();
        Line($"# {Plain(card.Model)}, version {card.Version}");
        Line();
        Line($"Predicts whether {Plain(card.Target)} is {Plain(card.Positive)}.");
        Line($"{card.Decision.Outcome} by {Plain(card.Decision.By)} on {CardText.Day(card.Decision.At)}: {Plain(card.Decision.Reason)}.");
        foreach (var finding in card.Leakage?.Findings ?? [])
        {
            Line();
            Line($"> **Possible leakage.** {Plain(finding.Finding)} {Plain(finding.Remedy)}");
        }

        Section("Where it comes from");
        Table(["", ""], CardLineage.Facts(card).Select(f => new[] { f.Name, f.Value }));
        Line();
        if (card.Trials is { } search)
        {
            Line(Plain(CardSearch.Stability(search)));
            Line();
        }

        Line($"Inputs: {string.Join(", ", card.Signature.Columns.Select(c => Plain(c.Name)))}.");
        Section(CardPerformance.Title(card));
        Table(["metric", "value", "95% interval"], card.Metrics.Metrics.Select(m => new[]
        {
            m.Key, CardText.Figure(m.Value.Value), CardText.Interval(m.Value.Low, m.Value.High),
        }));
        Threshold();
        Section($"The gate: {(card.Decision.Gate.Passed ? "passed" : "not passed")}");
        Table(["rule", "value", "95% interval", "bound", "", "in words"], card.Decision.Gate.Reasons.Select(r => new[]
        {
            r.Rule, CardGate.Value(r.Found), CardText.Interval(r.Low, r.High), $"{(r.AtLeast ? "≥" : "≤")} {CardGate.Value(r.Required)}",
            r.Passed ? "passed" : "failed", r.Explanation,
        }));
        Comparison();
        if (card.Importance is { } importance)
        {
            Section("What it leans on");
            Table(["column", "contribution", "shuffled", "effects"], importance.Columns.Select(c => new[]
            {
                c.Column, CardText.Figure(c.Contribution), CardText.Signed(c.Loss), CardColumns.Effects(c),
            }));
        }

        foreach (var column in card.Fairness?.Columns ?? [])
        {
            Group(column);
        }

        Section("Limits");
        foreach (var limit in card.Limits())
        {
            Line($"- {Plain(limit)}");
        }

        return text.ToString();

        void Threshold()
        {
            if (card.Metrics.Confusion is not { } c) return;
            Line();
            Line($"At the threshold of {CardText.Figure(c.Threshold)}: {c.TruePositives} true positives, {c.FalsePositives} false positives,");
            Line($"{c.TrueNegatives} true negatives, {c.FalseNegatives} false negatives; precision {CardText.Percent(c.Precision)}, recall {CardText.Percent(c.Recall)},");
            Line($"specificity {CardText.Percent(c.Specificity)}.");
            if (card.Metrics.Calibration is { } calibration) Line($"Expected calibration error {CardText.Figure(calibration.ExpectedError)}.");
            if (card.Metrics.Cost is not { } cost) return;
            Line($"Errors cost {CardText.Figure(cost.PerRow)} per row ({CardText.Interval(cost.Low, cost.High)});");
            Line($"predicting no row positive would cost {CardText.Figure(cost.PerRowAllNegative)}.");
        }

        void Comparison()
        {
            if (card.Decision.Gate.Comparison is not { } comparison) return;
            Section($"Beside the champion, version {comparison.Champion}, on the same rows");
            Table(["metric", "candidate − champion", "95% interval", "better in"], comparison.Metrics.Select(m => new[]
            {
                m.Key, CardText.Signed(m.Value.Value), $"{CardText.Signed(m.Value.Low)} to {CardText.Signed(m.Value.High)}", $"{CardText.Percent(m.Value.ShareBetter)} of resamples",
            }));
        }

        void Group(ColumnFairness column)
        {
            Section($"Groups by {column.Column}");
            Table(["group", "rows", "positive", "predicted positive", "true positive rate", "false positive rate", "precision"], column.Groups.Select(g => new[]
            {
                g.Group + (g.Small ? " *" : ""), CardText.Count(g.Rows), CardText.Share(g.BaseRate), CardText.Share(g.SelectionRate),
                CardText.Share(g.TruePositiveRate), CardText.Share(g.FalsePositiveRate), CardText.Share(g.Precision),
            }));
            Line();
            Table(["measure", "value", "95% interval", "definition"], column.Measures.Select(m => new[]
            {
                m.Name, CardText.Figure(m.Value), CardText.Interval(m.Low, m.High), m.Definition,
            }));
            Line();
            Line($"* fewer than {SliceEvaluation.LeastRows} rows, or put together of such groups: left out of the measures. {Plain(card.Fairness?.Reading ?? "")}");
        }

        void Section(string title)
        {
            Line();
            Line($"## {Plain(title)}");
            Line();
        }

        void Table(string[] headers, IEnumerable<string[]> rows)
        {
            Line($"| {string.Join(" | ", headers)} |");
            Line($"|{string.Concat(Enumerable.Repeat("---|", headers.Length))}");
            foreach (var row in rows) Line($"| {string.Join(" | ", row.Select(Plain))} |");
        }

        void Line(string line = "") => text.Append(line).Append('\n');
    }

    /// <summary>Text that stays text: what Markdown or a page in it would act on is escaped, and a line stays one.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '#' or '&' or '~') plain.Append('\\');
            plain.Append(char.IsControl(c) ? ' ' : c);
        }

        return plain.ToString();
    }
}
