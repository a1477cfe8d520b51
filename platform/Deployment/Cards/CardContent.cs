using Serverless.Platform.Datasets;
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
            $"A row counts as '{Positive}' from a score of {CardText.Figure(Signature.Threshold)} on. Another threshold gives other rates and another cost; the score "
                + "itself stays the same.",
        };
        var small = Fairness?.Columns.SelectMany(c => c.Groups.Where(g => g.Small).Select(g => $"{c.Column}: {g.Group}")).ToList() ?? [];
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
}
