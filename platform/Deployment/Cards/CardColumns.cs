using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>What a version leans on.</summary>
internal static class CardColumns
{
    private const int MostShown = 15;

    public static Html Render(CardContent card) => card.Importance is not { Columns.Count: > 0 } importance
        ? Html.Empty
        : Html.Of($"""
            <h2>What it leans on</h2>
            <p class="soft">{Reading(card, importance)}</p>
            {CardPlots.Importance(importance, card.MarginUnit, MostShown)}{CardPlots.Permutation(importance, MostShown)}
            {Html.Table(["column", "#contribution", "#shuffled", "#95% interval", "what raises and what lowers the score"], importance.Columns.Take(MostShown).Select(c => Html.Cells(
                c.Column, CardText.Figure(c.Contribution), CardText.Signed(c.Loss), Interval(c), Effects(c))))}{More(importance.Columns.Count)}
            """);

    private static Html More(int columns) => columns <= MostShown ? Html.Empty : Html.Of($"<p class=\"soft\">The first {MostShown} of {columns} columns.</p>");

    /// <summary>What contributions and shuffling are, and on which rows they were taken.</summary>
    public static string Reading(CardContent card, ImportanceReport importance)
    {
        var whole = CardText.Count(card.Metrics.Rows);
        var (explained, shuffled) = (CardText.Count(importance.ExplainedRows), CardText.Count(importance.PermutedRows));
        var shares = card.Signature.Task == LearningTask.Regression ? "" : " in the classes' own shares";
        return $"Contributions (SHAP) say how far a column moves {card.MarginUnit} of a row away from {Start(card)}; with what every row starts from they add up to it. They were taken of "
            + (importance.ExplainedRows < card.Metrics.Rows
                ? $"{explained} of the {whole} held-out rows, a sample drawn by their hashes{shares}, since exact contributions take long and their mean over "
                    + $"{CardText.Count(ModelImportance.MostExplained)} rows is steady to some percent. "
                : $"all {whole} held-out rows. ")
            + $"Shuffling says what the model loses without a column; each was shuffled {(importance.Repeats == 1 ? "once" : $"{CardText.Count(importance.Repeats)} times")} among "
            + (importance.PermutedRows < card.Metrics.Rows ? $"{shuffled} rows, sampled likewise. " : "all of them. ")
            + "Its interval is of the standard error that a bootstrap of these rows has. Columns that say the same share their weight.";
    }

    /// <summary>The 95% interval of what shuffling costs.</summary>
    public static string Interval(ColumnImportance column) => $"{CardText.Signed(column.Loss - column.HalfWidth)} to {CardText.Signed(column.Loss + column.HalfWidth)}";

    private static string Start(CardContent card) => card.Signature.Learner switch
    {
        LearnerKind.Linear => "that of a usual row",
        LearnerKind.Mixed => "that of an average row, of the linear part that of a usual one",
        _ => "that of an average row",
    };

    /// <summary>The strongest of either direction in words. Small groups put together have no value to name.</summary>
    public static string Effects(ColumnImportance column)
    {
        var (up, down) = (Strongest(e => e.Contribution > 0), Strongest(e => e.Contribution < 0));
        var parts = new[] { ("raise", up), ("lower", down) }.Where(p => p.Item2.Count > 0).Select(p => $"{p.Item1}: {string.Join(", ", p.Item2)}");
        return string.Join("; ", parts) is { Length: > 0 } words ? words : "–";

        List<string> Strongest(Func<ValueEffect, bool> direction) => [.. column.Effects.Where(e => e.Values != SliceEvaluation.SmallGroups).Where(direction).Take(2).Select(e =>
            $"{e.Values}{(e.Class is null ? "" : $" that of '{e.Class}'")} ({CardText.Signed(e.Contribution)})")];
    }
}
