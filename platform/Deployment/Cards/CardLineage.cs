using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>Where a version comes from, and what it learned from.</summary>
internal static class CardLineage
{
    internal const int MostShown = 60;

    public static Html Render(CardContent card) => Html.Of($"""
        <h2>Where it comes from</h2>
        {Html.Table(["", ""], Facts(card).Select(f => new[] { Html.Text(f.Name), Html.Text(f.Value) }))}
        <h2>Data</h2>
        {Data(card)}
        <h3>What it takes</h3>
        {Html.Table(["column", "kind", "values known"], card.Signature.Columns.Take(MostShown).Select(c => new[]
        {
            Html.Text(c.Name), Html.Text(c.Kind.ToString().ToLowerInvariant() + (card.IsSensitive(c.Name) ? ", sensitive" : "")), Html.Text(Known(c.Words?.Words ?? c.Categories)),
        }))}{More(card.Signature.Columns.Count)}
        """);

    /// <summary>The lineage as pairs, for the page and the text alike.</summary>
    public static IReadOnlyList<(string Name, string Value)> Facts(CardContent card)
    {
        var lineage = card.Lineage;
        return
        [
            ("training run", lineage.Run),
            ("started because", lineage.Reason),
            ("dataset version", lineage.Dataset),
            ("made", CardText.Day(lineage.CreatedAt)),
            ("seed", lineage.Definition.Training.Seed.ToString(CultureInfo.InvariantCulture)),
            .. CardTraining.Facts(card),
            ("software", lineage.Software is { } made
                ? $"platform {made.Code}, .NET {made.Runtime}, XGBoost {made.XGBoost}" + (made.OnnxRuntime is { } onnx ? $", ONNX Runtime {onnx}" : "")
                : "not recorded by the release that made it"),
            ("graph against learner",
                $"largest difference of a score {CardText.Precise(card.Parity.MaxAbsoluteDifference)} over {CardText.Count(card.Parity.Rows)} rows; allowed is {CardText.Precise(card.Parity.Tolerance)}"),
        ];
    }

    private static Html Data(CardContent card)
    {
        if (card.Dataset is not { } dataset)
        {
            return Html.Of($"<p>Of dataset {card.Lineage.Dataset} no manifest is kept any more; {CardText.Count(card.Metrics.Rows)} of its rows were held out.</p>");
        }

        var splits = card.Metrics.Positives is null
            ? Html.Table(["part", "#rows"], dataset.Splits.Select(s => Html.Cells(Part(s.Split), CardText.Count(s.Rows))))
            : Html.Table(["part", "#rows", "#positive", "#share"], dataset.Splits.Select(s => Html.Cells(
                Part(s.Split), CardText.Count(s.Rows), CardText.Count(s.PositiveRows), CardText.Percent((double)s.PositiveRows / Math.Max(1, s.Rows)))));
        var files = Html.Table(["file", "#rows", "#refused", "SHA-256"], dataset.Sources.Take(MostShown).Select(s => new[]
        {
            Html.Text(s.Name), Html.Text(CardText.Count(s.Rows)), Html.Text(CardText.Count(s.RefusedRows)), Html.Of($"<code>{s.ContentHash}</code>"),
        }));
        var excluded = dataset.Excluded.Count == 0
            ? Html.Empty
            : Html.Of($"<h3>Left out</h3>") + Html.Table(["column", "why"], dataset.Excluded.Take(MostShown).Select(e => new[] { Html.Text(e.Name), Html.Text(e.Reason) }));
        return Html.Of($"{splits}{Classes(dataset.Target)}{files}{More(dataset.Sources.Count)}{excluded}{More(dataset.Excluded.Count)}");
    }

    private static Html Classes(DatasetTarget target)
    {
        if (target.Classes is not { } classes)
        {
            return Html.Empty;
        }

        var table = Html.Table(["class", "#learned from", "#held out"], classes.Take(MostShown).Select(c => Html.Cells(
            c.Name, CardText.Count(c.TrainRows), CardText.Count(c.HeldOutRows))));
        var excluded = target.ExcludedClasses is not { Count: > 0 } left
            ? Html.Empty : Html.Table(["class left out", "why"], left.Take(MostShown).Select(e => Html.Cells(e.Name, e.Reason)));
        return Html.Of($"{table}{More(classes.Count)}{excluded}");
    }

    private static string Part(DataSplit split) => split == DataSplit.Train ? "learned from" : "held out, never learned from";

    private static string Known(IReadOnlyList<string> categories) =>
        string.Join(", ", categories.Take(12).Select(c => c.Length == 0 ? "(missing)" : c)) + (categories.Count > 12 ? $", … {categories.Count} in all" : "");

    private static Html More(int count) => count <= MostShown ? Html.Empty : Html.Of($"<p class=\"soft\">The first {MostShown} of {count}.</p>");
}
