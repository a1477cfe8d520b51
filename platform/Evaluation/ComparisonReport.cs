using System.Text.Json.Serialization;

namespace Serverless.Platform.Evaluation;

/// <summary>A candidate beside the champion on the same held-out rows.</summary>
/// <param name="Champion">The version it is compared with.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Resamples">How many paired bootstrap resamples the intervals come from.</param>
/// <param name="Metrics">Metric name (<see cref="MetricNames"/>) to the difference of the two.</param>
public sealed record ComparisonReport(int Champion, int Rows, int Resamples, IReadOnlyDictionary<string, PairedDifference> Metrics)
{
    /// <summary>The held-out rows that are not among them; null: all are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeftOutRows? LeftOut { get; init; }

    /// <summary>The candidate's metrics on these rows; null where they are all of the held-out rows, of which metrics.json speaks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, MetricEstimate>? Candidate { get; init; }
}

/// <param name="Rows">How many held-out rows neither was measured on.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record LeftOutRows(int Rows, string Reason);

/// <param name="Value">The candidate's metric less the champion's: above 0 is better for scores, below 0 for losses.</param>
/// <param name="Low">Lower end of its 95% interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="ShareBetter">The share of resamples in which the candidate is better, and not equal.</param>
public sealed record PairedDifference(double Value, double Low, double High, double ShareBetter);
