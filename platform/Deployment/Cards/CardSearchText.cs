using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The search in words: what became of the trials, what the model is, and what its folds say.</summary>
internal static class CardSearchText
{
    /// <summary>Paragraphs.</summary>
    public static IEnumerable<string> Of(CardContent card, TrialsReport search)
    {
        yield return $"By {search.Metric} in cross-validation, seed {search.Seed}. {Ends(search)}";
        foreach (var remark in SearchRemarks.Of(search, card.Lineage.Definition.Training.Timeout, card.TrainRows)) yield return remark;
        yield return Model(card, search);
        if (search.Choice is { } choice)
        {
            // Where nothing was compared, that stands at the head of the card.
            if (card.Untried is not null) yield break;

            // Where one fold gives no standard error the reason itself says what counts as no lead.
            yield return choice.Noise is null
                ? choice.Reason
                : $"{choice.Reason} (What counts as no lead is the smaller of that standard error and of {CardText.Given(100 * LearnerChoice.NegligibleLead)}% of the score.)";
        }
        else if (search.Baseline is null && search.Blended is not null)
        {
            // Releases that name the blended trials always train a baseline beside them.
            yield return $"{Capital(card.BaselineName)} was not done in time, so nothing stands beside the trees.";
        }
    }

    /// <summary>What the chosen trial was the best of, in a phrase.</summary>
    public static string BestOf(CardContent card)
    {
        if (card.Trials is not { Trials.Count: > 0 } search)
        {
            return $"the best trial by cross-validated {card.Lineage.Definition.Training.Metric}; {card.Lineage.Definition.Training.Trials} were planned";
        }

        if (card.Untried is not null) return $"none of the {Trials(search.Trials.Count)} that were planned ended in time";

        var finished = Count(search, TrialEnd.Finished);
        var best = finished > 0
            ? $"{Of(card)} of the {Trials(finished)} that saw {AllFolds(SearchRemarks.FoldsSeen(search))}"
            : $"{Of(card)} of the trials that saw the most folds, {SearchRemarks.FoldsSeen(search)} of {SearchRemarks.FoldsInAll(search)}";
        return $"{best}, by cross-validated {search.Metric}; {search.Trials.Count} were planned"
            + (Count(search, TrialEnd.OutOfTime) is > 0 and var late ? $", and time ran out for {late}" : "");
    }

    private static string Of(CardContent card) => card.Lineage.Blended is { Count: > 1 } blended ? $"the mean of the best {blended.Count}" : "the best";

    private static string Ends(TrialsReport search)
    {
        var late = search.Trials.Where(t => t.End == TrialEnd.OutOfTime).ToList();
        var (early, failed) = (Count(search, TrialEnd.Beaten), Count(search, TrialEnd.Failed));
        List<string> parts = [$"{Count(search, TrialEnd.Finished)} saw {AllFolds(SearchRemarks.FoldsInAll(search))}"];
        if (early > 0) parts.Add($"{early} {(early == 1 ? "was" : "were")} stopped early since others were better");
        if (late.Count > 0) parts.Add($"{late.Count} ran out of time{(late.Count(t => t.FoldScores.Count == 0) is > 0 and var unseen ? $" ({unseen} of them before their first fold)" : "")}");
        if (failed > 0) parts.Add($"{failed} failed");
        return $"{Trials(search.Trials.Count)} {(search.Trials.Count == 1 ? "was" : "were")} planned: {string.Join(", ", parts)}.";
    }

    private static string Model(CardContent card, TrialsReport search)
    {
        if (card.IsLinear)
        {
            var line = search.Baseline ?? card.Lineage.Baseline;
            return $"The model is {card.BaselineName}. It has {Listed(line?.FoldScores ?? [])}.";
        }

        if (search.BlendFoldScores is { } measured)
        {
            return $"The model is {Made(card, search)}. It has {Listed(measured)}. "
                + "What it is made of was chosen by these very folds, so they flatter it a little: judge it by the held-out rows.";
        }

        var folds = search.Trials.FirstOrDefault(t => t.Trial == search.Chosen)?.FoldScores ?? [];
        var spread = folds.Count == 0 ? "" : $"The chosen trial has {Listed(folds)}. ";
        return spread + (search.Blended is { Count: > 1 } blended
            ? $"These figures are of the best trial alone; the model is the mean, in margins, of the trials {string.Join(", ", blended)}, whose scores the folds cannot tell apart. "
            : "")
            + "A best trial was chosen by these very folds, so they flatter it a little: judge the model by the held-out rows.";
    }

    private static string Made(CardContent card, TrialsReport search)
    {
        var trees = search.Blended is { Count: > 1 } blended
            ? $"the mean, in {card.MarginUnit}, of the trials {string.Join(", ", blended)}, whose scores the folds cannot tell apart"
            : $"trial {search.Chosen}";
        return card.Lineage.Linear is { } part
            ? $"made to {CardText.Given((1 - part.Share) * 100)}% of {trees}; and to {CardText.Given(part.Share * 100)}% of {card.BaselineName}"
            : trees;
    }

    private static int Count(TrialsReport search, TrialEnd end) => search.Trials.Count(t => t.End == end);

    private static string Trials(int count) => count == 1 ? "1 trial" : $"{count} trials";

    private static string Listed(IReadOnlyList<double> folds) => string.Join(", ", folds.Select(f => CardText.Figure(f)))
        + (folds.Count == 1 ? " on its one fold" : " fold by fold: the wider apart these lie, the less their mean says of other rows");

    private static string AllFolds(int count) => count == 1 ? "the one fold" : $"all {count} folds";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
