using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The plots of a card. Each is drawn of the stored documents alone.</summary>
internal static class CardPlots
{
    public static Html Roc(EvaluationReport metrics, Confusion confusion)
    {
        var points = metrics.Curve ?? [];
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

    public static Html Calibration(CalibrationCurve calibration, string title, string across, string up)
    {
        var plot = new SvgPlot(title, across, up, 1, 1)
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

    public static Html Importance(ImportanceReport importance, string unit, int most) => CardBars.Render(
        $"Mean absolute contribution to {unit}",
        [.. importance.Columns.Take(most).Select(c => new CardBar(c.Column, c.Contribution, CardText.Figure(c.Contribution)))],
        Math.Max(1e-9, importance.Columns.Max(c => c.Contribution)), "curve-bar");

    public static Html Permutation(ImportanceReport importance, int most)
    {
        ColumnImportance[] shown = [.. importance.Columns.Take(most)];
        return CardBars.Render(
            $"What shuffling the column costs in {CardText.NameOf(importance.Metric)}, with its 95% interval",
            [.. shown.Select(c => new CardBar(c.Column, c.Loss, c.Loss - c.HalfWidth, c.Loss + c.HalfWidth, CardText.Signed(c.Loss)))],
            Math.Max(1e-9, shown.Max(c => c.Loss + c.HalfWidth)), "positive");
    }

    private static double BaseRate(EvaluationReport metrics) => (double)(metrics.Positives ?? 0) / metrics.Rows;
}
