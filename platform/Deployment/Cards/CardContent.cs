using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>The documents a card is made of. Those that older versions have not are null.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="Lineage">Where it comes from.</param>
/// <param name="Signature">What it takes and gives.</param>
/// <param name="Metrics">How good it is on held-out rows.</param>
/// <param name="Parity">How its graph compares with its learner.</param>
/// <param name="Decision">What became of it.</param>
/// <param name="Trials">How it was searched for.</param>
/// <param name="Dataset">What it learned from.</param>
/// <param name="Fairness">How it treats the groups of sensitive columns; null when none is named.</param>
/// <param name="Leakage">Signs that it looks better than it is.</param>
/// <param name="Importance">What it leans on.</param>
internal sealed record CardContent(
    string Model,
    int Version,
    ModelLineage Lineage,
    ModelSignature Signature,
    EvaluationReport Metrics,
    ParityReport Parity,
    ModelDecision Decision,
    TrialsReport? Trials,
    DatasetManifest? Dataset,
    FairnessReport? Fairness,
    LeakageReport? Leakage,
    ImportanceReport? Importance)
{
    public string Target => Lineage.Definition.Target.Column;

    public string Positive => Lineage.Definition.Target.Positive ?? "";

    /// <summary>What the model is for, in a sentence.</summary>
    public string Purpose => Signature switch
    {
        { Task: LearningTask.Regression } => $"Predicts the value of {Target}, a number.",
        { Classes: { } classes } => $"Predicts which of {classes.Count} classes {Target} is: {Listed(classes)}.",
        _ => $"Predicts whether {Target} is {Positive}.",
    };

    /// <summary>What contributions add up to.</summary>
    public string MarginUnit => Signature.Task switch
    {
        LearningTask.Regression => "the predicted value",
        LearningTask.MulticlassClassification => "the log-odds of the classes",
        _ => "the log-odds",
    };

    /// <summary>What the baseline is.</summary>
    public string BaselineName => Signature.Task == LearningTask.Regression ? "linear regression" : "logistic regression";

    /// <summary>What the figures do not say, for whoever decides on them.</summary>
    public IReadOnlyList<string> Limits()
    {
        var limits = new List<string>
        {
            $"The figures hold for rows like the {CardText.Count(Metrics.Rows)} held-out ones: drawn at random from the same files as the training rows. They do not "
                + "show how the model fares on a later period, another region or another product; compare it with outcomes as they come in.",
            "Contributions and importance describe the model, not the world: a column that carries weight need not be a cause of the outcome.",
            "Values that the training rows did not have are scored all the same: an unknown category counts as none, and numbers beyond the range seen "
                + "are treated like the nearest seen.",
            Signature.Task switch
            {
                LearningTask.Regression => "A predicted value is a mean to expect and no bound: how far single rows lie from it is in the quantiles of the errors. Beyond the values that "
                    + "the training rows had, predictions are not backed by any.",
                LearningTask.MulticlassClassification => "Every row is predicted to be of one of the classes above, also one of a class that the training rows did not have; its probabilities say "
                    + "how sure the model is among these only.",
                _ => $"A row counts as '{Positive}' from a score of {CardText.Figure(Signature.Threshold)} on. Another threshold gives other rates and another cost; the score "
                    + "itself stays the same.",
            },
        };
        var small = Fairness?.Columns.SelectMany(c => SmallGroups(c).Select(g => $"{c.Column}: {g}")).ToList() ?? [];
        if (small.Count > 0)
        {
            limits.Add($"Too few rows to judge by: {string.Join("; ", small)}.");
        }

        if (Fairness is null)
        {
            limits.Add("The definition names no sensitive column, so nothing is known of how groups of people fare.");
        }

        if (Leakage is { Findings.Count: > 0 })
        {
            limits.Add("The leakage checks found something. Until each finding is explained, take the metrics for an upper bound.");
        }

        return limits;
    }

    private static IEnumerable<string> SmallGroups(ColumnFairness column) =>
    [
        .. column.Groups.Where(g => g.Small).Select(g => g.Group), .. (column.ClassGroups ?? []).Where(g => g.Small).Select(g => g.Group),
        .. (column.ValueGroups ?? []).Where(g => g.Small).Select(g => g.Group),
    ];

    private static string Listed(IReadOnlyList<string> classes) =>
        string.Join(", ", classes.Take(12)) + (classes.Count > 12 ? $" and {classes.Count - 12} more" : "");
}
