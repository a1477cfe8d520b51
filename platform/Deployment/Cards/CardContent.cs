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

    /// <summary>How many rows there were to learn from; null where the dataset's manifest is not kept any more.</summary>
    public long? TrainRows => Dataset?.Splits.FirstOrDefault(s => s.Split == DataSplit.Train)?.Rows;

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
        _ => Signature.Calibration is { Bends.Count: > 0 } ? "the log-odds before calibration" : "the log-odds",
    };

    /// <summary>What the baseline is.</summary>
    public string BaselineName => Signature.Task == LearningTask.Regression ? "linear regression" : "logistic regression";

    /// <summary>Whether logistic or linear regression is the model, and not trees.</summary>
    public bool IsLinear => Lineage.Baseline is not null;

    /// <summary>That no trial was done in time and the baseline became the model without a comparison, and what to do; null where there was one.</summary>
    public string? Untried => Lineage.Trial is null
        ? Trials?.Choice?.Reason ?? $"No trial of the search ended in time, so {BaselineName} is the model. Set a longer training.timeout and train again."
        : null;

    /// <summary>Which of the sensitive columns the model learned from, and which are only reported; null when none is named.</summary>
    public string? SensitiveInputs
    {
        get
        {
            var inputs = Signature.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
            var named = Lineage.Definition.Sensitive.ToLookup(inputs.Contains);
            List<string> parts = [];
            if (named[true].Any()) parts.Add($"inputs of the model, learned from like any other column: {string.Join(", ", named[true])}");
            if (named[false].Any()) parts.Add($"only reported, no inputs of the model: {string.Join(", ", named[false])}");
            return parts.Count == 0 ? null : string.Join("; ", parts);
        }
    }

    public bool IsSensitive(string column) => Lineage.Definition.Sensitive.Contains(column, StringComparer.Ordinal);

    private static string Listed(IReadOnlyList<string> classes) =>
        string.Join(", ", classes.Take(12)) + (classes.Count > 12 ? $" and {classes.Count - 12} more" : "");
}
