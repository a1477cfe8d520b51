using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How a model of two classes fares on the rows that were held out: its curves, and what happens at its threshold.</summary>
internal static class CardBinary
{
    public static Html Render(CardContent card, Confusion confusion) => Html.Of($"""
        <div class="plots">{Plots(card.Metrics, confusion)}</div>{CardPerformance.Calibration(card.Metrics)}
        {Threshold(card, confusion)}{Gain(card.Metrics)}
        """);

    private static Html Plots(EvaluationReport metrics, Confusion confusion)
    {
        var plots = new List<Html>();
        if (metrics.Curve is not null) plots.Add(CardPlots.Roc(metrics, confusion));
        if (metrics.Calibration is { } calibration) plots.Add(CardPlots.Calibration(calibration, "Calibration: bins of equal count, 95% intervals", "mean score", "observed rate"));
        if (metrics.Gain is { } gain) plots.Add(CardPlots.Gain(gain));
        if (metrics.Scores is { } scores) plots.Add(CardPlots.Scores(scores, confusion.Threshold));
        if (metrics.Curve is not null) plots.Add(CardPlots.PrecisionRecall(metrics));
        return Html.Join(plots);
    }

    private static Html Threshold(CardContent card, Confusion c)
    {
        var counts = Html.Table(["", $"#predicted '{card.Positive}'", "#predicted other"],
        [
            [Html.Text($"is '{card.Positive}'"), Html.Text(CardText.Count(c.TruePositives)), Html.Text(CardText.Count(c.FalseNegatives))],
            [Html.Text("is other"), Html.Text(CardText.Count(c.FalsePositives)), Html.Text(CardText.Count(c.TrueNegatives))],
        ]);
        var rates = Html.Table(["rate", "#value (95% interval)", "what it says"],
        [
            Rate("precision", Proportion.Wilson(c.TruePositives, c.TruePositives + c.FalsePositives), $"of the rows predicted '{card.Positive}', the share that is"),
            Rate("recall", Proportion.Wilson(c.TruePositives, c.TruePositives + c.FalseNegatives), $"of the '{card.Positive}' rows, the share predicted so"),
            Rate("specificity", Proportion.Wilson(c.TrueNegatives, c.TrueNegatives + c.FalsePositives), "of the other rows, the share predicted so"),
            Rate("accuracy", Proportion.Wilson(c.TruePositives + c.TrueNegatives, card.Metrics.Rows), "of all rows, the share predicted right"),
        ]);
        return Html.Of($"""
            <h3>At the threshold of {CardText.Figure(c.Threshold)}</h3><p>The threshold is {CardThreshold.Rule(card)}.</p>
            {counts}{rates}{(CardThreshold.Cost(card.Metrics.Cost) is { } cost ? Html.Of($"<p>{cost}</p>") : Html.Empty)}
            """);
    }

    private static Html Gain(EvaluationReport metrics) => metrics.Gain is not { } gain
        ? Html.Empty
        : Html.Of($"<h3>By tenths of the rows, the highest scores first</h3>")
            + Html.Table(["#tenth", "#lowest score", "#positive rate", "#lift", "#gain", "#cumulative lift"], gain.Select(d => Html.Cells(
                CardText.Count(d.Decile), CardText.Figure(d.LowestScore), CardText.Percent(d.PositiveRate), CardText.Figure(d.Lift), CardText.Percent(d.Gain),
                CardText.Figure(d.CumulativeLift))));

    private static Html[] Rate(string name, Proportion? share, string meaning) => [Html.Text(name), Html.Text(CardText.Share(share)), Html.Text(meaning)];
}
