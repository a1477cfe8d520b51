using System.Globalization;
using Serverless.Platform.Pages;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How the model was searched for, and how steady it is from fold to fold; for the page and the text alike.</summary>
internal static class CardSearch
{
    private const int MostShown = 40;

    private static readonly string[] Headers = ["trial", "mean", "± between folds", "lowest fold", "highest fold", "folds", "rounds", "how it ended"];

    public static Html Render(CardContent card) => card.Trials is not { Trials.Count: > 0 } search
        ? Html.Empty
        : Html.Of($"<h2>The search</h2>{Html.Join(CardSearchText.Of(card, search).Select(p => Html.Of($"<p>{p}</p>\n")))}")
            + Html.Table([.. Headers.Select((h, place) => place is 0 or 7 ? h : $"#{h}")], Rows(card, search).Select(r => Html.Cells(r)))
            + (search.Trials.Count <= MostShown ? Html.Empty : Html.Of($"<p class=\"soft\">{More(search)}</p>"));

    public static void Write(MarkdownText text, CardContent card)
    {
        if (card.Trials is not { Trials.Count: > 0 } search) return;
        text.Section("The search");
        foreach (var paragraph in CardSearchText.Of(card, search)) text.Paragraph(paragraph);
        text.Line();
        text.Table(Headers, Rows(card, search));
        if (search.Trials.Count > MostShown) text.Paragraph(More(search));
    }

    private static string More(TrialsReport search) => $"{MostShown} of {search.Trials.Count} trials; trials.json has all.";

    /// <summary>The model first, then what it was held against, the trials that got furthest before others.</summary>
    private static IEnumerable<string[]> Rows(CardContent card, TrialsReport search)
    {
        var ordered = search.Trials.OrderBy(t => t.Trial == search.Chosen ? 0 : search.Blended?.Contains(t.Trial) == true ? 1 : 2)
            .ThenByDescending(t => t.FoldScores.Count).ThenBy(t => t.Trial);
        var trials = ordered.Take(MostShown).Select(t => Row(
            Name(card, search, t.Trial), t.Score, t.StandardDeviation, t.FoldScores, t.Rounds?.ToString(CultureInfo.InvariantCulture), t.Reason)).ToList();
        if ((search.Baseline ?? card.Lineage.Baseline) is not { } baseline) return trials;
        var line = Row(
            $"{card.BaselineName} ({(card.IsLinear ? "the model" : card.Lineage.Linear is null ? "the baseline" : "the baseline, in the model")})", baseline.Score, baseline.StandardDeviation, baseline.FoldScores, null,
            $"It saw all folds; L2 penalty {baseline.Lambda.ToString("G3", CultureInfo.InvariantCulture)} per row.");
        return card.IsLinear ? [line, .. trials] : [trials[0], line, .. trials.Skip(1)];
    }

    private static string Name(CardContent card, TrialsReport search, int trial) =>
        trial == search.Chosen ? $"{trial} ({(card.IsLinear ? "the best trees, not the model" : "chosen")})"
        : !card.IsLinear && search.Blended is { } blended && blended.Contains(trial) ? $"{trial} (in the model)"
        : $"{trial}";

    private static string[] Row(string name, double? mean, double? deviation, IReadOnlyList<double> folds, string? rounds, string ended) =>
    [
        name, CardText.Figure(mean), CardText.Figure(folds.Count > 1 ? deviation : null), CardText.Figure(folds.Count > 0 ? folds.Min() : null),
        CardText.Figure(folds.Count > 0 ? folds.Max() : null), folds.Count.ToString(CultureInfo.InvariantCulture), rounds ?? "–", ended,
    ];
}
