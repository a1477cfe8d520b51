using System.Text.Json.Serialization;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment;

/// <summary>Where a model version comes from: the content of <c>models/{model}/versions/{n}/lineage.json</c>.</summary>
/// <param name="Run">The training run. A version belongs to exactly one run.</param>
/// <param name="Dataset">The dataset version it was fitted on.</param>
/// <param name="Reason">Why the run was started.</param>
/// <param name="Definition">The definition as it stood when the run started.</param>
/// <param name="Trial">The best trial, whose parameters it was fitted with unless the baseline was as good; null where no trial was done in time.</param>
/// <param name="CreatedAt">When the version was reserved, UTC.</param>
/// <param name="Software">What it was made with; null for versions of older releases.</param>
/// <param name="Baseline">The baseline, where that is the model; null where the trial is.</param>
/// <param name="Blended">The trials whose mean the model or its trees are, the best first; null where the baseline is the model, and in older releases.</param>
public sealed record ModelLineage(
    string Run,
    string Dataset,
    string Reason,
    ModelDefinition Definition,
    TrialResult? Trial,
    DateTimeOffset CreatedAt,
    SoftwareVersions? Software = null,
    BaselineResult? Baseline = null,
    IReadOnlyList<TrialResult>? Blended = null)
{
    /// <summary>SHA-256 of what the contract says that its data keep to; the dataset's folder has the contract. Null for datasets of older releases.</summary>
    public string? Contract { get; init; }

    /// <summary>The machine it was made on; null in lineages of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MachineDescription? Machine { get; init; }

    /// <summary>What the model is made of; null in lineages of older releases: linear where there is a <see cref="Baseline"/>, else trees.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LearnerKind? Learner { get; init; }

    /// <summary>The linear part of a model that is the mean of trees and of a linear model; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LinearPart? Linear { get; init; }
}

/// <param name="Share">How much of the mean it is, in margins; the rest are the trees.</param>
/// <param name="Lambda">Its L2 penalty, per row.</param>
public sealed record LinearPart(double Share, double Lambda);
