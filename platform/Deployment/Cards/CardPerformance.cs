using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How good a version is on the rows that were held out.</summary>
internal static class CardPerformance
{
    public static Html Render(CardContent card)
    {
        var metrics = card.Metrics;
        var table = Html.Table(["metric", "#value", "#95% interval", "what it says"], metrics.Metrics.Select(m => Html.Cells(
            CardText.NameOf(m.Key), CardText.Figure(m.Value.Value), CardText.Interval(m.Value.Low, m.Value.High), CardText.MeaningOf(m.Key, metrics.Classes is not null))));
        return Html.Of($"""
            <h2>{Title(card)}</h2>
            {table}{ByTask(card)}{Stability(card)}
            """);
    }

    public static string Title(CardContent card) => card.Metrics.Positives is { } positives
        ? $"On {CardText.Count(card.Metrics.Rows)} held-out rows, {CardText.Count(positives)} of them '{card.Positive}'"
        : $"On {CardText.Count(card.Metrics.Rows)} held-out rows";

    /// <summary>The calibration error in words, to stand below its curve.</summary>
    public static Html Calibration(EvaluationReport metrics) =>
        metrics.Calibration is { } curve ? Html.Of($"<p class=\"soft\">{CardCalibration.Describe(curve)}</p>") : Html.Empty;

    private static Html ByTask(CardContent card) => card.Metrics switch
    {
        { Confusion: { } confusion } => CardBinary.Render(card, confusion),
        { Classes: { } classes } => CardClasses.Render(card, classes),
        { Residuals: { } residuals } => CardErrors.Render(card, residuals),
        _ => Html.Empty,
    };

    /// <summary>What it is whose folds are shown.</summary>
    public static string FoldsOf(CardContent card) => card switch
    {
        { IsLinear: true } => $"of {card.BaselineName}, the model",
        { Trials.BlendFoldScores: not null } => "of the model",
        { Lineage.Blended.Count: > 1 } => "of the best trial alone, one of those whose mean the model is",
        _ => "of the best trial",
    };

    private static Html Stability(CardContent card) => card.Metrics.Stability is not { } steady
        ? Html.Empty
        : Html.Of($"<h3>From fold to fold</h3><p class=\"soft\">Folds {FoldsOf(card)}, in cross-validation on the training rows: each is predicted by a model that did not see it.</p>")
            + Html.Table(
                ["metric", .. steady.Folds.Select((_, fold) => $"#fold {fold + 1}"), "#mean", "#standard deviation"],
                [Html.Cells([
                    CardText.NameOf(steady.Metric), .. steady.Folds.Select(f => CardText.Figure(f)), CardText.Figure(steady.Mean), CardText.Figure(steady.StandardDeviation),
                ])]);
}
