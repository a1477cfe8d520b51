using System.Globalization;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>Decides by the definition's policy whether a candidate is good enough to be promoted. Values at a bound pass.</summary>
public static class PromotionGate
{
    private static readonly Dictionary<string, double> NoBounds = [];

    /// <param name="policy">The gates of the model's definition.</param>
    /// <param name="candidate">The candidate on the held-out rows.</param>
    /// <param name="champion">The deployed version on the same rows; null if there is none.</param>
    /// <param name="parity">The check of the candidate's exported graph.</param>
    /// <param name="championMisfit">Why there is a champion that cannot score these rows; null if it can, or there is none.</param>
    /// <param name="comparison">Both on the same rows, with intervals; null where there is no such report.</param>
    public static GateDecision Decide(
        GatePolicy policy,
        EvaluationReport candidate,
        EvaluationReport? champion,
        ParityReport parity,
        string? championMisfit = null,
        ComparisonReport? comparison = null)
    {
        var reasons = new List<GateReason> { Parity(parity) };
        reasons.AddRange(policy.Minimum.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Minimum(m.Key, m.Value, candidate)));
        reasons.AddRange((policy.Maximum ?? NoBounds).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Maximum(m.Key, m.Value, candidate)));
        if (policy.Champion is { } gate && champion is not null) reasons.Add(Champion(gate, candidate, champion, comparison));
        else if (policy.Champion is { } waived && championMisfit is not null) reasons.Add(NotComparable(waived, championMisfit));
        return new GateDecision(reasons.TrueForAll(r => r.Passed), reasons, policy.Champion is null ? null : comparison);
    }

    private static GateReason Parity(ParityReport parity) => new(
        "parity",
        parity.Rows == 0 ? null : parity.MaxAbsoluteDifference,
        parity.Tolerance,
        AtLeast: false,
        parity.Passed,
        parity.Rows == 0
            ? "The exported graph was compared with the learner on no rows; expected at least one."
            : $"On {parity.Rows} rows the exported graph's scores differ from the learner's by at most {Text(parity.MaxAbsoluteDifference)}; allowed is {Text(parity.Tolerance)}.");

    private static GateReason Minimum(string metric, double bound, EvaluationReport candidate)
    {
        var atLeast = MetricNames.IsHigherBetter(metric);
        return Bounded($"minimum {metric}", metric, candidate, bound, atLeast, $"the definition requires at {(atLeast ? "least" : "most")} {Text(bound)}");
    }

    private static GateReason Maximum(string metric, double bound, EvaluationReport candidate) =>
        Bounded($"maximum {metric}", metric, candidate, bound, atLeast: false, $"the definition requires at most {Text(bound)}");

    private static GateReason Champion(ChampionGate gate, EvaluationReport candidate, EvaluationReport champion, ComparisonReport? comparison)
    {
        var atLeast = MetricNames.IsHigherBetter(gate.Metric);
        if (!champion.Metrics.TryGetValue(gate.Metric, out var deployed))
        {
            return new GateReason(
                $"champion {gate.Metric}", null, gate.Tolerance, atLeast, false, $"The champion's {gate.Metric} was not measured. Evaluate it again on the held-out rows.");
        }

        // What is in the target's unit may be of any size: of it the tolerance is a share.
        var inUnit = MetricNames.IsInTargetUnit(gate.Metric);
        var worse = inUnit ? gate.Tolerance * deployed.Value : gate.Tolerance;
        var bound = atLeast ? deployed.Value - worse : deployed.Value + worse;
        var required = $"the champion has {Text(deployed.Value)} on the same rows, and {(inUnit ? $"{Text(100 * gate.Tolerance)}%" : Text(gate.Tolerance))} worse is tolerated";
        var difference = comparison?.Metrics.GetValueOrDefault(gate.Metric);
        var between = difference is null
            ? ""
            : $"; the difference is {Text(difference.Value)}, 95% interval {Text(difference.Low)} to {Text(difference.High)}, and the candidate is better in {Text(100 * difference.ShareBetter)}% of resamples";
        return Bounded($"champion {gate.Metric}", gate.Metric, candidate, bound, atLeast, required + between) with { Difference = difference };
    }

    /// <summary>Data may gain and lose columns; a champion that lacks one would otherwise stand for ever. The minimum still holds.</summary>
    private static GateReason NotComparable(ChampionGate gate, string misfit) => new(
        $"champion {gate.Metric}",
        null,
        gate.Tolerance,
        MetricNames.IsHigherBetter(gate.Metric),
        Passed: true,
        $"The champion cannot score this dataset's rows, so it was not compared with: {misfit}");

    private static GateReason Bounded(string rule, string metric, EvaluationReport candidate, double bound, bool atLeast, string required)
    {
        if (candidate.Find(metric) is not { } found)
        {
            return new GateReason(rule, null, bound, atLeast, false, $"The candidate's {metric} was not measured; {required}.");
        }

        var passed = atLeast ? found.Value >= bound : found.Value <= bound;
        return new GateReason(rule, found.Value, bound, atLeast, passed, $"The candidate's {metric} is {Text(found.Value)}; {required}.", found.Low, found.High);
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
