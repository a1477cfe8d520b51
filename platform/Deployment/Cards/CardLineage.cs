using System.Globalization;
using Serverless.Platform.Pages;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>Where a version comes from, and what it takes.</summary>
internal static class CardLineage
{
    internal const int MostShown = 60;

    public static Html Render(CardContent card) => Html.Of($"""
        <h2>Where it comes from</h2>
        {Html.Table(["", ""], Facts(card).Select(f => new[] { Html.Text(f.Name), Html.Text(f.Value) }))}
        {CardData.Render(card)}
        <h3>What it takes</h3>
        {Html.Table(["column", "kind", "values known"], card.Signature.Columns.Take(MostShown).Select(c => new[]
        {
            Html.Text(c.Name), Html.Text(c.Kind.ToString().ToLowerInvariant() + (card.IsSensitive(c.Name) ? ", sensitive" : "")), Html.Text(Known(c)),
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
                    + (made.DuckDb is { } duck ? $", DuckDB {duck}" : "")
                : "not recorded by the release that made it"),
            ("machine", lineage.Machine is { } machine ? Machine(machine) : "not recorded by the release that made it"),
            ("graph against learner",
                $"largest difference of a score {CardText.Precise(card.Parity.MaxAbsoluteDifference)} over {CardText.Count(card.Parity.Rows)} rows; allowed is {CardText.Precise(card.Parity.Tolerance)}"),
        ];
    }

    private static string Machine(MachineDescription machine) =>
        $"{machine.OperatingSystem}, {machine.Architecture}; {(machine.Processor is { } name ? $"{name}, " : "")}{machine.Processors} {(machine.Processors == 1 ? "processor" : "processors")}, "
            + $"{machine.VectorBits}-bit vectors{(machine.InstructionSets.Count > 0 ? $" ({string.Join(", ", machine.InstructionSets)})" : "")}";

    private static string Known(SignatureColumn column)
    {
        const int most = 12;
        var values = column.Words?.Words ?? column.Categories;
        var listed = string.Join(", ", values.Take(most).Select(v => v.Length == 0 ? "(missing)" : v));
        var known = column.KnownCategories().Count;
        return listed + (column.Words is null && known > values.Count ? $", … {CardText.Count(values.Count)} by themselves, {CardText.Count(known)} by what is known of their rows"
            : values.Count > most ? $", … {CardText.Count(values.Count)} in all" : "");
    }

    private static Html More(int count) => count <= MostShown ? Html.Empty : Html.Of($"<p class=\"soft\">The first {MostShown} of {count}.</p>");
}
