namespace Serverless.Platform.Evaluation;

/// <summary>A candidate beside the champion on the same held-out rows.</summary>
/// <param name="Champion">The version it is compared with.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Resamples">How many paired bootstrap resamples the intervals come from.</param>
/// <param name="Metrics">Metric name (<see cref="MetricNames"/>) to the difference of the two.</param>
public sealed record ComparisonReport(int Champion, int Rows, int Resamples, IReadOnlyDictionary<string, PairedDifference> Metrics);

/// <param name="Value">The candidate's metric less the champion's: above 0 is better for scores, below 0 for losses.</param>
/// <param name="Low">Lower end of its 95% interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="ShareBetter">The share of resamples in which the candidate is better; one in which they are equal counts half.</param>
public sealed record PairedDifference(double Value, double Low, double High, double ShareBetter);
