using System.Text.Json.Serialization;

namespace Serverless.Platform.Definitions;

/// <summary>What a candidate has to reach before it may be deployed.</summary>
/// <param name="Minimum">Metric name to the least value (for losses: the greatest) that a candidate must reach.</param>
/// <param name="Champion">How a candidate has to compare with the deployed version; null: no rule says how. <value>Default: by the training metric.</value></param>
/// <param name="Maximum">Loss to the greatest value that a candidate may have; null for none. <c>minimum</c> may name losses too, and means the same by it.</param>
public sealed record GatePolicy(
    IReadOnlyDictionary<string, double> Minimum, ChampionGate? Champion, IReadOnlyDictionary<string, double>? Maximum = null)
{
    /// <summary>What the groups of sensitive columns have to reach; null: nothing.</summary>
    // Left out where there is none: an activity's input that an older release recorded must come out in the same bytes.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GroupGate>? Groups { get; init; }
}

/// <param name="Metric">The metric compared.</param>
/// <param name="Tolerance">
/// By how much the candidate may be worse than the champion; of a metric in the target's unit (RMSE, absolute errors) by what share of the champion's.
/// <value>Default 0.002, 0 to 1.</value>
/// </param>
public sealed record ChampionGate(string Metric, double Tolerance)
{
    public const double DefaultTolerance = 0.002;

    /// <summary>
    /// Whether the worse end of the difference's 95% interval is held to the tolerance, not the difference itself. With no tolerance the candidate has to be better beyond chance; with
    /// some it has to be shown not to be worse by more. <value>Default false.</value>
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ByInterval { get; init; }
}

/// <summary>Bounds for a sensitive column: a metric's is for each of its groups, a fairness measure's for what sets them apart.</summary>
/// <param name="Column">The sensitive column.</param>
/// <param name="Minimum">Name to the least value; of a metric the least of any group counts.</param>
/// <param name="Maximum">Name to the greatest value; of a metric the greatest of any group counts.</param>
public sealed record GroupGate(string Column, IReadOnlyDictionary<string, double> Minimum, IReadOnlyDictionary<string, double> Maximum);
