namespace Serverless.Platform.Definitions;

/// <summary>What to learn, and by which policy: the content of <c>definitions/{model}.yaml</c>, validated, with defaults filled in.</summary>
/// <param name="Model">The model's name: 3–63 lower-case letters, digits and single hyphens, so that it can stand in any blob path.</param>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Target">What is predicted.</param>
/// <param name="Ignore">Columns never learned from: identifiers and the like.</param>
/// <param name="Sensitive">Columns that evaluation slices by. They are learned from unless they are also ignored.</param>
/// <param name="Training">How the search for a model is run.</param>
/// <param name="Gates">What a candidate has to reach to be promoted.</param>
/// <param name="Deployment">Who decides on a promotion.</param>
/// <param name="Retraining">When a new model is trained without being asked for.</param>
public sealed record ModelDefinition(
    string Model,
    LearningTask Task,
    TargetColumn Target,
    IReadOnlyList<string> Ignore,
    IReadOnlyList<string> Sensitive,
    TrainingPolicy Training,
    GatePolicy Gates,
    DeploymentPolicy Deployment,
    RetrainingPolicy Retraining)
{
    /// <summary>How files become data.</summary>
    public DataPolicy Data { get; init; } = DataPolicy.Default;

    /// <summary>The roles of columns that are not to be inferred, by the columns' headers.</summary>
    public IReadOnlyDictionary<string, ColumnRole> Features { get; init; } = new Dictionary<string, ColumnRole>();

    /// <summary>What a result says besides the score.</summary>
    public ScoringPolicy Scoring { get; init; } = ScoringPolicy.Default;
}

/// <summary>The kind of prediction.</summary>
public enum LearningTask
{
    /// <summary>Which of two classes: the score is the probability of the positive one.</summary>
    BinaryClassification,

    /// <summary>Which of several classes: a probability for each.</summary>
    MulticlassClassification,

    /// <summary>A number.</summary>
    Regression,
}

/// <param name="Column">The target's header.</param>
/// <param name="Positive">
/// Of two classes the value that counts as the positive one; every other non-missing value must be one single other value. Null for other tasks.
/// </param>
public sealed record TargetColumn(string Column, string? Positive);

/// <param name="Approval">Whether somebody has to approve. <value>Default automatic.</value></param>
/// <param name="Approvers">Who may decide; empty: anybody who can reach the endpoint.</param>
/// <param name="Timeout">How long an approval is waited for before the candidate is rejected. <value>Default 3 days, 10 seconds to 90 days.</value></param>
public sealed record DeploymentPolicy(ApprovalMode Approval, IReadOnlyList<string> Approvers, TimeSpan Timeout)
{
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(90);

    public static DeploymentPolicy Default { get; } = new(ApprovalMode.Automatic, [], TimeSpan.FromDays(3));
}

public enum ApprovalMode
{
    Automatic,
    Required,
}

/// <param name="Schedule">NCRONTAB with six fields (seconds first), UTC; null: never by schedule.</param>
/// <param name="OnNewData">Whether a new dataset version starts training. <value>Default true.</value></param>
/// <param name="OnDrift">Whether drift starts training. <value>Default false.</value></param>
public sealed record RetrainingPolicy(string? Schedule, bool OnNewData, bool OnDrift)
{
    public static RetrainingPolicy Default { get; } = new(null, OnNewData: true, OnDrift: false);
}
