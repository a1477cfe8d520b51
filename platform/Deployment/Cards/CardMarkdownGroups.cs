using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The groups of a sensitive column in a card's Markdown.</summary>
internal static class CardMarkdownGroups
{
    public static void Write(MarkdownText text, ColumnFairness column, string reading)
    {
        text.Section($"Groups by {column.Column}");
        switch (column)
        {
            case { ClassGroups: { } classes }:
                text.Table(["group", "rows", "accuracy", "log loss", "share predicted of each class"], classes.Select(g => new[]
                {
                    CardGroups.Name(g.Group, g.Small), CardText.Count(g.Rows), CardText.Share(g.Accuracy), Estimate(g.LogLoss),
                    string.Join(", ", g.Classes.Select(c => $"{c.Class} {CardText.Percent(c.Predicted.Value)}")),
                }));
                break;
            case { ValueGroups: { } values }:
                text.Table(["group", "rows", "mean true value", "mean predicted", "mean error", "RMSE"], values.Select(g => new[]
                {
                    CardGroups.Name(g.Group, g.Small), CardText.Count(g.Rows), CardText.Figure(g.MeanActual), Estimate(g.MeanPrediction),
                    $"{CardText.Signed(g.MeanError.Value)} ({CardText.Signed(g.MeanError.Low)} to {CardText.Signed(g.MeanError.High)})", Estimate(g.Rmse),
                }));
                break;
            default:
                text.Table(["group", "rows", "positive", "predicted positive", "true positive rate", "false positive rate", "precision", "ROC AUC"], column.Groups.Select(g => new[]
                {
                    CardGroups.Name(g.Group, g.Small), CardText.Count(g.Rows), CardText.Share(g.BaseRate), CardText.Share(g.SelectionRate),
                    Rate(g.TruePositiveRate), Rate(g.FalsePositiveRate), Rate(g.Precision), g.RocAuc is null ? $"–{CardGroups.Few(g)}" : Estimate(g.RocAuc),
                }));
                break;
        }

        text.Line();
        text.Table(["measure", "value", "95% interval", "definition"], column.Measures.Select(m => new[]
        {
            m.Name, CardText.Figure(m.Value), CardGroups.Interval(m), m.Definition,
        }));
        text.Paragraph($"* fewer than {SliceEvaluation.LeastRows} rows, or put together of such groups: left out of the measures. {(column.Groups.Any(CardGroups.IsOfFew) ? $"{CardGroups.OfFew} " : "")}{reading}");
    }

    private static string Rate(Proportion? rate) => $"{CardText.Share(rate)}{CardGroups.Few(rate)}";

    private static string Estimate(MetricEstimate estimate) => $"{CardText.Figure(estimate.Value)} ({CardText.Interval(estimate.Low, estimate.High)})";
}
