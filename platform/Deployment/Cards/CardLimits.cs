using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>What a card's figures do not say, for whoever decides on them.</summary>
internal static class CardLimits
{
    public static IReadOnlyList<string> Of(CardContent card)
    {
        List<string> limits =
        [
            Rows(card),
            "Contributions and importance describe the model, not the world: a column that carries weight need not be a cause of the outcome.",
            "Values that the training rows did not have are scored all the same: an unknown category counts as none, and numbers beyond the range seen "
                + (card.Signature.Learner switch
                {
                    LearnerKind.Linear => "move the score on in a straight line, up to eight standard deviations from their mean.",
                    LearnerKind.Mixed => "are treated like the nearest seen by the trees, and move the linear part on in a straight line, up to eight standard deviations from their mean.",
                    _ => "are treated like the nearest seen.",
                }),
            Scores(card),
        ];
        var small = card.Fairness?.Columns.SelectMany(c => Small(c).Select(g => $"{c.Column}: {g}")).ToList() ?? [];
        if (small.Count > 0)
        {
            limits.Add($"Too few rows to judge by: {string.Join("; ", small)}.");
        }

        if (card.Metrics.Classes is { } classes && classes.Each.Where(c => c.Rows is > 0 and < SliceEvaluation.LeastRows).Select(c => $"{c.Class} ({c.Rows})").ToList() is { Count: > 0 } few)
        {
            limits.Add(
                $"Classes of fewer than {SliceEvaluation.LeastRows} held-out rows: {string.Join(", ", few)}. Each counts as much as any other in balanced accuracy, macro F1 and ROC AUC, "
                    + "which chance moves accordingly.");
        }

        if (card.Fairness is null)
        {
            limits.Add("The definition names no sensitive column, so nothing is known of how groups of people fare.");
        }

        if (card.Leakage is { Findings.Count: > 0 })
        {
            limits.Add("The leakage checks found something. Until each finding is explained, take the metrics for an upper bound.");
        }

        return limits;
    }

    private static string Rows(CardContent card)
    {
        var rows = CardText.Count(card.Metrics.Rows);
        return card.Dataset?.SplitBy switch
        {
            { By: SplitKind.Time, Column: var column } =>
                $"The {rows} held-out rows are the newest by '{column}': the figures say how the model fares in the time after what it learned from. They do not say for how long, "
                    + "nor of another region or another product; compare it with outcomes as they come in.",
            { By: SplitKind.Group, Column: var column } =>
                $"The {rows} held-out rows are of groups of '{column}' that the model did not learn from: the figures hold for new groups like these. Intervals take rows one by one; "
                    + "where those of a group go together, they are too narrow. They do not show how the model fares on a later period.",
            _ => $"The figures hold for rows like the {rows} held-out ones: drawn at random from the same files as the training rows. They do not "
                + "show how the model fares on a later period, another region or another product; compare it with outcomes as they come in.",
        };
    }

    private static string Scores(CardContent card) => card.Signature.Task switch
    {
        LearningTask.Regression =>
            "A predicted value is a mean to expect and no bound: how far single rows lie from it is in the quantiles of the errors. Beyond the values that the "
                + "training rows had, predictions are not backed by any.",
        LearningTask.MulticlassClassification =>
            "Every row is predicted to be of one of the classes above, also one of a class that the training rows did not have; its probabilities say how sure "
                + "the model is among these only.",
        _ => $"A row counts as '{card.Positive}' from a score of {CardText.Figure(card.Signature.Threshold)} on. Another threshold gives other rates and another cost; the score "
            + "itself stays the same.",
    };

    private static IEnumerable<string> Small(ColumnFairness column) =>
    [
        .. column.Groups.Where(g => g.Small).Select(g => g.Group), .. (column.ClassGroups ?? []).Where(g => g.Small).Select(g => g.Group),
        .. (column.ValueGroups ?? []).Where(g => g.Small).Select(g => g.Group),
    ];
}
