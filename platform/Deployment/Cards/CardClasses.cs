using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How each of several classes fares on the rows that were held out.</summary>
internal static class CardClasses
{
    private const int MostShown = 60;
    private const int MostConfusions = 8;
    private const int MostBeside = 4;

    public static Html Render(CardContent card, ClassReport classes)
    {
        var calibration = card.Metrics.Calibration is { } curve
            ? CardPlots.Calibration(
                curve, "Calibration of the predicted class's probability, 95% intervals", "mean probability of the predicted class", "share that is right")
            : Html.Empty;
        var each = Html.Table(
            ["class", "#rows", "#predicted", "#precision (95% interval)", "#recall (95% interval)", "#F1", "#ROC AUC against the others"],
            classes.Each.Take(MostShown).Select(c => Html.Cells(
                c.Class, CardText.Count(c.Rows), CardText.Count(c.Predicted), CardText.Share(c.Precision), CardText.Share(c.Recall), CardText.Figure(c.F1),
                c.RocAuc is { } auc ? $"{CardText.Figure(auc.Value)} ({CardText.Interval(auc.Low, auc.High)})" : "–")));
        var more = classes.Each.Count <= MostShown
            ? Html.Empty : Html.Of($"<p class=\"soft\">The first {MostShown} of {classes.Each.Count} classes; metrics.json has all.</p>");
        var matrix = ConfusionPlot.Render(classes);
        // A matrix of few classes leaves room beside it.
        var plots = classes.Each.Count <= MostBeside
            ? Html.Of($"<div class=\"plots\">{matrix}{calibration}</div>") : Html.Of($"{matrix}<div class=\"plots\">{calibration}</div>");
        return Html.Of($"""
            <h3>Which class is taken for which</h3>
            <p>A row is predicted to be of the class with the greatest probability.</p>
            {plots}{CardPerformance.Calibration(card.Metrics)}{Confusions(classes)}
            <h3>Class by class</h3>
            {each}{more}
            """);
    }

    /// <summary>The confusions with the most rows.</summary>
    public static IReadOnlyList<(string Actual, string Predicted, int Rows, double Share)> Frequent(ClassReport classes) =>
    [
        .. classes.Confusion.SelectMany((row, actual) => row.Select((rows, predicted) => (actual, predicted, rows)))
            .Where(c => c.actual != c.predicted && c.rows > 0)
            .OrderByDescending(c => c.rows).ThenBy(c => c.actual).ThenBy(c => c.predicted)
            .Take(MostConfusions)
            .Select(c => (classes.Each[c.actual].Class, classes.Each[c.predicted].Class, c.rows, (double)c.rows / classes.Each[c.actual].Rows)),
    ];

    private static Html Confusions(ClassReport classes) => Frequent(classes) is not { Count: > 0 } frequent
        ? Html.Of($"<p>No row is taken for another class.</p>")
        : Html.Of($"<h3>The most frequent confusions</h3>")
            + Html.Table(["is", "is taken for", "#rows", "#share of the true class"], frequent.Select(c => Html.Cells(
                c.Actual, c.Predicted, CardText.Count(c.Rows), CardText.Percent(c.Share))));
}
