using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>A card as Markdown: the page's figures without its plots.</summary>
internal static class CardMarkdown
{
    public static string Render(CardContent card)
    {
        var text = new MarkdownText();
        text.Line($"# {MarkdownText.Plain(card.Model)}, version {card.Version}");
        text.Line();
        text.Line(MarkdownText.Plain(card.Purpose));
        text.Line(MarkdownText.Plain($"{CardPage.Outcome(card.Decision)} by {card.Decision.By} on {CardText.Day(card.Decision.At)}: {CardText.Sentence(card.Decision.Reason)}"));
        if (card.Untried is { } untried)
        {
            text.Line();
            text.Line($"> **No trees were tried.** {MarkdownText.Plain(untried)}");
        }

        foreach (var finding in card.Leakage?.Findings ?? [])
        {
            text.Line();
            text.Line($"> **Possible leakage.** {MarkdownText.Plain(finding.Finding)} {MarkdownText.Plain(finding.Remedy)}");
        }

        Origin(text, card);
        CardData.Write(text, card);
        CardSearch.Write(text, card);
        Performance(text, card);
        Gate(text, card.Decision.Gate);
        if (card.Importance is { } importance)
        {
            text.Section("What it leans on");
            text.Line(MarkdownText.Plain(CardColumns.Reading(card, importance)));
            text.Line();
            text.Table(["column", "contribution", "shuffled", "95% interval", "effects"], importance.Columns.Select(c => new[]
            {
                c.Column, CardText.Figure(c.Contribution), CardText.Signed(c.Loss), CardColumns.Interval(c), CardColumns.Effects(c),
            }));
        }

        foreach (var column in card.Fairness?.Columns ?? [])
        {
            CardMarkdownGroups.Write(text, column, card.Fairness?.Reading ?? "");
        }

        if (card.Fairness is not null && CardGroups.Inputs(card) is { } inputs) text.Paragraph(inputs);

        text.Section("Limits");
        foreach (var limit in CardLimits.Of(card))
        {
            text.Line($"- {MarkdownText.Plain(limit)}");
        }

        text.Paragraph(CardIntervals.Describe(card));
        return text.ToString();
    }

    private static void Origin(MarkdownText text, CardContent card)
    {
        text.Section("Where it comes from");
        text.Table(["", ""], CardLineage.Facts(card).Select(f => new[] { f.Name, f.Value }));
        text.Paragraph($"Inputs: {string.Join(", ", card.Signature.Columns.Select(c => c.Name))}.");
    }

    private static void Performance(MarkdownText text, CardContent card)
    {
        text.Section(CardPerformance.Title(card));
        text.Table(["metric", "value", "95% interval"], card.Metrics.Metrics.Select(m => new[]
        {
            m.Key, CardText.Figure(m.Value.Value), CardText.Interval(m.Value.Low, m.Value.High),
        }));
        if (card.Metrics.Calibration is { } calibration)
        {
            text.Paragraph(CardCalibration.Describe(calibration));
        }

        if (card.Metrics.Confusion is { } confusion) Threshold(text, card, confusion);
        if (card.Metrics.Classes is { } classes) Classes(text, classes);
        if (card.Metrics.Residuals is { } residuals) Errors(text, residuals);
        if (card.Metrics.Stability is { } steady)
        {
            text.Paragraph(
                $"Fold by fold in cross-validation ({CardPerformance.FoldsOf(card)}), {CardText.NameOf(steady.Metric)}: {string.Join(", ", steady.Folds.Select(f => CardText.Figure(f)))}; "
                    + $"mean {CardText.Figure(steady.Mean)}, standard deviation {CardText.Figure(steady.StandardDeviation)}.");
        }
    }

    private static void Threshold(MarkdownText text, CardContent card, Confusion c)
    {
        text.Paragraph(
            $"At the threshold of {CardText.Figure(c.Threshold)}: {c.TruePositives} true positives, {c.FalsePositives} false positives, "
                + $"{c.TrueNegatives} true negatives, {c.FalseNegatives} false negatives; precision {CardText.Percent(c.Precision)}, recall {CardText.Percent(c.Recall)}, "
                + $"specificity {CardText.Percent(c.Specificity)}.");
        text.Paragraph($"The threshold is {CardThreshold.Rule(card)}.");
        if (CardThreshold.Cost(card.Metrics.Cost) is { } cost) text.Paragraph(cost);
    }

    private static void Classes(MarkdownText text, ClassReport classes)
    {
        text.Line();
        text.Table(["class", "rows", "predicted", "precision", "recall", "F1", "ROC AUC against the others"], classes.Each.Select(c => new[]
        {
            c.Class, CardText.Count(c.Rows), CardText.Count(c.Predicted), CardText.Share(c.Precision), CardText.Share(c.Recall), CardText.Figure(c.F1),
            c.RocAuc is { } auc ? $"{CardText.Figure(auc.Value)} ({CardText.Interval(auc.Low, auc.High)})" : "–",
        }));
        if (CardClasses.Frequent(classes) is not { Count: > 0 } frequent) return;
        text.Paragraph("The most frequent confusions:");
        text.Line();
        text.Table(["is", "is taken for", "rows", "share of the true class"], frequent.Select(c => new[]
        {
            c.Actual, c.Predicted, CardText.Count(c.Rows), CardText.Percent(c.Share),
        }));
    }

    private static void Errors(MarkdownText text, ResidualReport errors)
    {
        text.Paragraph($"An error is the predicted value less the true one. {CardErrors.Summary(errors)}");
        text.Paragraph($"By {CardErrors.Bands(errors)}, in the order of the predicted value:");
        text.Line();
        text.Table(["predicted from", "to", "rows", "mean predicted", "mean true value", "95% interval", "RMSE"], errors.Deciles.Select(d => new[]
        {
            CardText.Figure(d.LowestPredicted), CardText.Figure(d.HighestPredicted), CardText.Count(d.Rows), CardText.Figure(d.MeanPredicted),
            CardText.Figure(d.MeanActual.Value), CardText.Interval(d.MeanActual.Low, d.MeanActual.High), CardText.Figure(d.Rmse),
        }));
    }

    private static void Gate(MarkdownText text, GateDecision gate)
    {
        text.Section($"The gate: {(gate.Passed ? "passed" : "not passed")}");
        text.Table(["rule", "value", "95% interval", "bound", "", "in words"], gate.Reasons.Select(r => new[]
        {
            r.Rule, CardText.Precise(r.Found), CardText.PreciseInterval(r.Low, r.High), CardGate.Bound(r),
            r.Passed ? "passed" : "failed", r.Explanation,
        }));
        if (gate.Comparison is not { } comparison)
        {
            if (gate.Ungated is { } incomparable) text.Paragraph(incomparable);
            return;
        }

        text.Section($"Beside the champion, version {comparison.Champion}, on the same {CardText.Count(comparison.Rows)} rows");
        if (gate.Ungated is { } ungated)
        {
            text.Paragraph(ungated);
            text.Line();
        }

        if (comparison.LeftOut is { } left)
        {
            text.Paragraph(left.Reason);
            text.Line();
        }

        text.Table(["metric", "candidate − champion", "95% interval", "better in"], comparison.Metrics.Select(m => new[]
        {
            m.Key, CardText.Signed(m.Value.Value), $"{CardText.Signed(m.Value.Low)} to {CardText.Signed(m.Value.High)}", $"{CardText.Percent(m.Value.ShareBetter)} of resamples",
        }));
    }
}
