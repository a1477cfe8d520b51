using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Pages;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>What a version learned from, and what it was measured on, for the page and the text alike.</summary>
internal static class CardData
{
    private const string Hash = "SHA-256";
    private const string ETag = "ETag";
    private const int MostLetters = 24;

    /// <param name="Title">What stands above it; null: nothing.</param>
    /// <param name="Headers">The columns' headers; one that begins with # is of numbers.</param>
    /// <param name="Rows">The rows that are shown.</param>
    /// <param name="Count">How many there are.</param>
    private sealed record Part(string? Title, IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows, int Count);

    public static Html Render(CardContent card) => Html.Of($"<h2>Data</h2>\n<p>{Summary(card)}</p>\n") + Html.Join(Parts(card).Select(part =>
        (part.Title is { } title ? Html.Of($"<h3>{title}</h3>\n") : Html.Empty)
        + Html.Table(part.Headers, part.Rows.Select(row => row.Select((cell, column) => Cell(cell, part.Headers[column])).ToArray()))
        + (More(part) is { } more ? Html.Of($"<p class=\"soft\">{more}</p>\n") : Html.Empty)));

    private static Html Cell(string cell, string header) => header is Hash or ETag ? Html.Of($"<code>{cell}</code>") : Html.Text(cell);

    public static void Write(MarkdownText text, CardContent card)
    {
        text.Section("Data");
        text.Line(MarkdownText.Plain(Summary(card)));
        foreach (var part in Parts(card))
        {
            if (part.Title is { } title) text.Paragraph($"{title}:");
            text.Line();
            text.Table([.. part.Headers.Select(h => h.StartsWith('#') ? h[1..] : h)], part.Rows);
            if (More(part) is { } more) text.Paragraph(more);
        }
    }

    private static string Summary(CardContent card)
    {
        if (card.Dataset is not { } dataset)
        {
            return $"Of dataset {card.Lineage.Dataset} no manifest is kept any more; {CardText.Count(card.Metrics.Rows)} of its rows were held out.";
        }

        var contract = card.Lineage.Contract ?? dataset.Contract;
        return $"Dataset {dataset.Version} has {CardText.Count(dataset.Rows)} rows of {Files(dataset.Sources.Count)}; "
            + $"{Refused(dataset.RefusedRows)} refused."
            + (dataset.Code is { } code ? $" It was made by platform {code}." : "")
            + (contract is null ? "" : $" Its rows keep to the contract with SHA-256 {contract}.");
    }

    private static IEnumerable<Part> Parts(CardContent card)
    {
        if (card.Dataset is not { } dataset) yield break;
        yield return Splits(card, dataset);
        if (dataset.Target.Classes is { } classes)
        {
            yield return Of("Classes", ["class", "#rows learned from", "#rows held out", "#share"], classes, c =>
                [c.Name, CardText.Count(c.TrainRows), CardText.Count(c.HeldOutRows), Share(c.TrainRows + c.HeldOutRows, dataset.Rows)]);
        }

        if (dataset.Target.ExcludedClasses is { Count: > 0 } left) yield return Of("Classes left out", ["class", "why"], left, c => [c.Name, c.Reason]);
        yield return Of("Files", ["file", "#rows", "#refused", "#bytes", ETag, Hash], dataset.Sources, s =>
            [s.Name, CardText.Count(s.Rows), CardText.Count(s.RefusedRows), s.Bytes is { } bytes ? CardText.Count(bytes) : "–", s.ETag ?? "–", s.ContentHash]);
        if (dataset.RefusedFiles is { Count: > 0 } refused) yield return Of("Files refused", ["file", "why", Hash], refused, r => [r.Name, r.Reason, r.ContentHash]);
        if (dataset.Masked is { Count: > 0 } masked)
        {
            yield return Of("Direct identifiers that were masked", ["column", "what", "#values"], masked, m =>
                [m.Column, m.Count == 1 ? m.Kind : FoundIdentifiers.PluralOf(m.Kind), CardText.Count(m.Count)]);
        }

        if (dataset.Excluded.Count > 0) yield return Of("Columns left out", ["column", "why"], dataset.Excluded, e => [e.Name, e.Reason]);
    }

    private static Part Splits(CardContent card, DatasetManifest dataset)
    {
        if (dataset.Target.Positive is not { } positive || card.Metrics.Positives is null)
        {
            return Of(null, ["part", "#rows", "what it is for"], dataset.Splits, s => [Name(s.Split), CardText.Count(s.Rows), Use(card, s.Split)]);
        }

        var named = $"'{CardText.Short(positive, MostLetters)}'";
        var others = dataset.Target.Negative is { } other ? $"'{CardText.Short(other, MostLetters)}'" : "others";
        return Of(null, ["part", "#rows", $"#{named}", $"#{others}", $"#share of {named}", "what it is for"], dataset.Splits, s =>
        [
            Name(s.Split), CardText.Count(s.Rows), CardText.Count(s.PositiveRows), CardText.Count(s.Rows - s.PositiveRows), Share(s.PositiveRows, s.Rows), Use(card, s.Split),
        ]);
    }

    private static string Name(DataSplit split) => split == DataSplit.Train ? "learned from" : "held out, never learned from";

    private static string Use(CardContent card, DataSplit split)
    {
        if (split != DataSplit.Train) return "evaluation and the gate alone: nothing of the model is fitted to them or chosen by them";

        var training = card.Lineage.Definition.Training;
        // Of many rows one fold is held out and no more; of releases that kept no trials what was asked for is all that is known.
        var folds = card.Trials is { Trials.Count: > 0 } search ? SearchRemarks.FoldsInAll(search) : training.Folds;
        List<string> chosen = ["the model"];
        if (card.Signature.Calibration is not null) chosen.Add("its calibration");
        if (card.Metrics.Confusion is not null) chosen.Add("its threshold");
        var named = chosen.Count == 1 ? chosen[0] : $"{string.Join(", ", chosen.SkipLast(1))} and {chosen[^1]}";
        var others = training.Split?.By == SplitKind.Time ? "the time before it" : folds == 1 ? "the other rows" : "the others";
        return folds == 1
            ? $"fitting, on all of them; before that one fold of them, predicted by models of {others}, chose {named}"
            : string.Create(CultureInfo.InvariantCulture, $"fitting, on all of them; before that cross-validation in {folds} folds, each predicted by models of {others}, chose {named}");
    }

    private static Part Of<T>(string? title, IReadOnlyList<string> headers, IReadOnlyList<T> all, Func<T, IReadOnlyList<string>> row) =>
        new(title, headers, [.. all.Take(CardLineage.MostShown).Select(row)], all.Count);

    private static string? More(Part part) => part.Count <= part.Rows.Count ? null : $"The first {part.Rows.Count} of {part.Count}; the dataset's manifest.json has all.";

    private static string Share(long rows, long all) => CardText.Percent((double)rows / Math.Max(1, all));

    private static string Refused(long rows) => rows switch { 0 => "no row was", 1 => "1 row was", _ => $"{CardText.Count(rows)} rows were" };

    private static string Files(int count) => count == 1 ? "1 file" : $"{CardText.Count(count)} files";
}
