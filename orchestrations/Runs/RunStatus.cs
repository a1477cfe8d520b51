using System.Text.Json.Serialization;
using Serverless.Platform.Evaluation;

namespace Serverless.Orchestrations.Runs;

/// <summary>Where a run stands: its custom status. Small, since every backend bounds it.</summary>
/// <param name="Model">The model the run is for.</param>
/// <param name="Stage">What it is doing, in one word of <see cref="RunStage"/>.</param>
/// <param name="Progress">How far it has come; null where there is nothing to count.</param>
/// <param name="Detail">What is known so far; null while nothing is.</param>
public sealed record RunStatus(string Model, string Stage, RunProgress? Progress = null, RunDetail? Detail = null);

/// <param name="Done">Parts finished.</param>
/// <param name="Total">Parts in all.</param>
/// <param name="Of">What the parts are, a constant of <see cref="RunPart"/>; null of runs of older releases.</param>
public sealed record RunProgress(int Done, int Total, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Of = null);

/// <summary>What progress is counted in.</summary>
public static class RunPart
{
    /// <summary>A trial on the folds of a rung: one that goes on to the next rung is fitted again, on other folds.</summary>
    public const string Fits = "fits";

    /// <summary>Rows of dropped files.</summary>
    public const string Rows = "rows";

    /// <summary>Parts of a file that is scored.</summary>
    public const string Chunks = "chunks";
}

/// <param name="Version">The candidate's version.</param>
/// <param name="Metrics">Metric name to its value and 95% interval on the held-out rows.</param>
/// <param name="Gate">The gate's decision.</param>
/// <param name="Approval">What is waited for, while an approval is.</param>
/// <param name="Warnings">What people should look into before they trust the figures.</param>
/// <param name="RowsRead">Rows of dropped files read by now, in the reading that is told of: each file is read twice or oftener.</param>
/// <param name="Reading">What they are read for: <c>inspecting</c> first, then <c>loading</c>.</param>
public sealed record RunDetail(
    int? Version = null,
    IReadOnlyDictionary<string, MetricEstimate>? Metrics = null,
    GateDecision? Gate = null,
    PendingApproval? Approval = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? RowsRead = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reading = null);

/// <param name="Run">The id to send the decision to: <c>POST /approvals/{run}</c>.</param>
/// <param name="Approvers">Who may decide; empty: anybody who can reach the endpoint.</param>
/// <param name="Deadline">Until when, UTC; afterwards the candidate is rejected.</param>
public sealed record PendingApproval(string Run, IReadOnlyList<string> Approvers, DateTime Deadline);

/// <summary>The stages that runs go through.</summary>
public static class RunStage
{
    public const string Settling = "settling";
    public const string Curating = "curating";
    public const string Preparing = "preparing";
    public const string Trials = "trials";
    public const string Fitting = "fitting";
    public const string Evaluating = "evaluating";
    public const string Gate = "gate";
    public const string AwaitingApproval = "awaiting-approval";
    public const string AwaitingDeployment = "awaiting-deployment";
    public const string Deploying = "deploying";
    public const string Planning = "planning";
    public const string Scoring = "scoring";
    public const string Publishing = "publishing";
    public const string Finished = "finished";
}
