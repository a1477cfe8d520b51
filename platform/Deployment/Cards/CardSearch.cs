using System.Globalization;
using Serverless.Platform.Pages;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How the model was searched for, and how steady the chosen trial is from fold to fold.</summary>
internal static class CardSearch
{
    private const int MostShown = 40;

    public static Html Render(CardContent card)
    {
        if (card.Trials is not { Trials.Count: > 0 } search)
        {
            return Html.Empty;
        }

        var ordered = search.Trials.OrderBy(t => t.Trial == search.Chosen ? 0 : 1).ThenBy(t => t.Trial).Take(MostShown);
        var table = Html.Table(["#trial", "#mean", "#± between folds", "#lowest fold", "#highest fold", "#folds", "#rounds", "how it ended"], ordered.Select(t => Html.Cells(
            t.Trial == search.Chosen ? $"{t.Trial} (chosen)" : $"{t.Trial}", CardText.Figure(t.Score), CardText.Figure(t.StandardDeviation),
            CardText.Figure(t.FoldScores.Count > 0 ? t.FoldScores.Min() : null), CardText.Figure(t.FoldScores.Count > 0 ? t.FoldScores.Max() : null),
            t.FoldScores.Count.ToString(CultureInfo.InvariantCulture), t.Rounds?.ToString(CultureInfo.InvariantCulture) ?? "–", t.Reason)));
        var more = search.Trials.Count <= MostShown ? Html.Empty : Html.Of($"<p class=\"soft\">{MostShown} of {search.Trials.Count} trials; trials.json has all.</p>");
        return Html.Of($"<h2>The search</h2><p>{Stability(search)}</p>{table}{more}");
    }

    /// <summary>The chosen trial's folds in a sentence, for the page and the text alike.</summary>
    public static string Stability(TrialsReport search)
    {
        var chosen = search.Trials.FirstOrDefault(t => t.Trial == search.Chosen);
        var folds = chosen?.FoldScores ?? [];
        var blended = search is { Blended: { Count: > 1 } trials } && search.Choice?.Learner != LearnerKind.Linear
            ? $" The model is the mean, in margins, of the trials {string.Join(", ", trials)}, whose scores the folds cannot tell apart."
            : "";
        var compared = search.Choice is { } choice ? $" {choice.Reason}" : "";
        return (folds.Count == 0
            ? $"{search.Trials.Count} trials by {search.Metric} over {search.Folds} folds, seed {search.Seed}."
            : $"{search.Trials.Count} trials by {search.Metric} over {search.Folds} folds, seed {search.Seed}. The chosen one has {string.Join(", ", folds.Select(f => CardText.Figure(f)))} "
                + "fold by fold: the wider apart these lie, the less its mean says of other rows.") + blended + compared;
    }
}
