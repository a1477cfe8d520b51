using System.Globalization;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The plots of a card. Each is drawn of the stored documents alone.</summary>
internal static class CardPlots
{
    public static Html Roc(EvaluationReport metrics)
    {
        var points = metrics.Curve ?? [];
        var confusion = metrics.Confusion;
        var plot = new SvgPlot("ROC curve, with the point of the threshold", "false positive rate", "true positive rate", 1, 1)
            .Line([(0, 0), (1, 1)], "chance")
            .Line(points.Select(p => (p.FalsePositiveRate, p.TruePositiveRate)), "curve");
        return (confusion is { Specificity: { } specificity, Recall: { } recall }
            ? plot.Dot(1 - specificity, recall, "mark", $"threshold {CardText.Figure(confusion.Threshold)}") : plot).Render();
    }

    public static Html PrecisionRecall(EvaluationReport metrics) =>
        new SvgPlot("Precision and recall; dashed: the base rate", "recall", "precision", 1, 1)
            .Line([(0, BaseRate(metrics)), (1, BaseRate(metrics))], "chance")
            .Line((metrics.Curve ?? []).Where(p => p.Precision is not null).Select(p => (p.TruePositiveRate, p.Precision ?? 0)), "curve")
            .Render();

    public static Html Calibration(CalibrationCurve calibration)
    {
        var plot = new SvgPlot("Calibration: bins of equal count, 95% intervals", "mean score", "observed rate", 1, 1)
            .Line([(0, 0), (1, 1)], "chance")
            .Line(calibration.Bins.Select(b => (b.MeanScore, b.ObservedRate)), "curve");
        foreach (var bin in calibration.Bins)
        {
            plot.Upright(bin.MeanScore, "interval", bin.Low, bin.High)
                .Dot(bin.MeanScore, bin.ObservedRate, "mark", $"{bin.Rows} rows: expected {CardText.Percent(bin.MeanScore)}, observed {CardText.Percent(bin.ObservedRate)}");
        }

        return plot.Render();
    }

    public static Html Gain(IReadOnlyList<GainDecile> gain) =>
        new SvgPlot("Gain: positives found by looking at the highest scores first", "share of rows", "share of positives", 1, 1)
            .Line([(0, 0), (1, 1)], "chance")
            .Line([(0, 0), .. gain.Select(d => (d.Decile / 10.0, d.Gain))], "curve")
            .Render();

    public static Html Scores(IReadOnlyList<ScoreBin> bins, double threshold)
    {
        double positives = Math.Max(1, bins.Sum(b => b.Positives)), negatives = Math.Max(1, bins.Sum(b => b.Negatives));
        var most = Math.Max(0.05, Math.Ceiling(20 * bins.Max(b => Math.Max(b.Positives / positives, b.Negatives / negatives))) / 20);
        var plot = new SvgPlot("Score distribution of each class; dashed: the threshold", "score", "share of the class", 1, most);
        foreach (var bin in bins)
        {
            plot.Bar(bin.From, bin.To, bin.Negatives / negatives, "negative").Bar(bin.From, bin.To, bin.Positives / positives, "positive");
        }

        return plot.Upright(threshold, "cut").Legend(right: true, ("negative", "negatives"), ("positive", "positives")).Render();
    }

    public static Html Importance(ImportanceReport importance, int most) => Bars(
        "Mean absolute contribution to the log-odds",
        [.. importance.Columns.Take(most).Select(c => (c.Column, c.Contribution, 0.0, 0.0, c.Contribution.ToString("F3", CultureInfo.InvariantCulture)))],
        Math.Max(1e-9, importance.Columns.Max(c => c.Contribution)), "curve-bar");

    public static Html Permutation(ImportanceReport importance, int most) => Bars(
        $"What shuffling the column costs in {CardText.NameOf(importance.Metric)}, ± one standard deviation",
        [.. importance.Columns.Take(most).Select(c => (c.Column, Math.Max(0, c.Loss), c.Loss - c.Deviation, c.Loss + c.Deviation, CardText.Signed(c.Loss)))],
        Math.Max(1e-9, importance.Columns.Max(c => c.Loss + c.Deviation)), "positive");

    public static Html Groups(ColumnFairness column, string positive) => Bars(
        $"Share predicted '{positive}' by {column.Column}, with 95% intervals",
        [.. column.Groups.Select(g => (
            $"{g.Group}{(g.Small ? " *" : "")}", g.SelectionRate.Value, g.SelectionRate.Low, g.SelectionRate.High, CardText.Percent(g.SelectionRate.Value)))],
        1, "curve-bar");

    private static double BaseRate(EvaluationReport metrics) => (double)(metrics.Positives ?? 0) / metrics.Rows;

    /// <summary>Bars that lie on their side, each with its name, an interval if it has one, and its figure.</summary>
    private static Html Bars(string title, IReadOnlyList<(string Name, double Value, double Low, double High, string Figure)> bars, double most, string style)
    {
        const double left = 150, width = 520, row = 20, right = 60;
        var rows = bars.Select((bar, i) =>
        {
            var y = 6 + (i * row);
            var interval = bar.High > bar.Low
                ? Html.Of($"<line class=\"interval\" x1=\"{Place(bar.Low)}\" y1=\"{y + 7}\" x2=\"{Place(bar.High)}\" y2=\"{y + 7}\"/>") : Html.Empty;
            return Html.Of(
                $"<text class=\"label\" text-anchor=\"end\" x=\"{left - 6}\" y=\"{y + 11}\"><title>{bar.Name}</title>{Short(bar.Name)}</text>")
                + Html.Of($"<rect class=\"{style}\" x=\"{left}\" y=\"{y}\" width=\"{Length(bar.Value)}\" height=\"14\"/>{interval}")
                + Html.Of($"<text class=\"tick\" x=\"{width - right + 6}\" y=\"{y + 11}\">{bar.Figure}</text>");
        });
        var picture = Html.Of($"<svg viewBox=\"0 0 {width} {12 + (bars.Count * row)}\" role=\"img\" aria-label=\"{title}\">{Html.Join(rows)}</svg>");
        return Html.Of($"<figure class=\"wide\">{picture}<figcaption>{title}</figcaption></figure>\n");

        string Place(double value) => (left + (Math.Clamp(value / most, 0, 1) * (width - left - right))).ToString("0.##", CultureInfo.InvariantCulture);
        string Length(double value) => (Math.Clamp(value / most, 0, 1) * (width - left - right)).ToString("0.##", CultureInfo.InvariantCulture);
        static string Short(string name) => name.Length <= 24 ? name : string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[22]) ? 22 : 23), "…");
    }
}
