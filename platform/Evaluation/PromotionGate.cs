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
    /// <param name="championMisfit">Why there is a champion that cannot be measured on these rows; null if it can, or there is none.</param>
    /// <param name="comparison">Both on the same rows, with intervals; null where there is no such report.</param>
    /// <param name="recorded">
    /// Such a champion's own report, of the rows that were held out when it was trained; null where there is none, or it is of another task, target or classes.
    /// </param>
    /// <param name="fairness">The candidate's sensitive groups; null where none were measured.</param>
    /// <param name="metric">What candidate and champion are compared in, in words, where the policy has no rule for the champion; null for the first metric of the comparison.</param>
    public static GateDecision Decide(
        GatePolicy policy,
        EvaluationReport candidate,
        EvaluationReport? champion,
        ParityReport parity,
        string? championMisfit = null,
        ComparisonReport? comparison = null,
        EvaluationReport? recorded = null,
        FairnessReport? fairness = null,
        string? metric = null)
    {
        var reasons = new List<GateReason> { Parity(parity) };
        reasons.AddRange(policy.Minimum.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Minimum(m.Key, m.Value, candidate)));
        reasons.AddRange((policy.Maximum ?? NoBounds).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Maximum(m.Key, m.Value, candidate)));
        reasons.AddRange((policy.Groups ?? []).OrderBy(g => g.Column, StringComparer.Ordinal).SelectMany(g => Groups(g, fairness?.Columns.FirstOrDefault(c => c.Column == g.Column))));
        if (policy.Champion is { } gate && champion is not null) reasons.Add(Champion(gate, candidate, champion, comparison));
        else if (policy.Champion is { } held && championMisfit is not null) reasons.Add(Recorded(held, candidate, recorded, championMisfit));
        return new GateDecision(
            reasons.TrueForAll(r => r.Passed), reasons, comparison, policy.Champion is null ? Ungated(champion, championMisfit, comparison, metric) : null);
    }

    /// <summary>What whoever decides should know of a champion that the definition has no rule for.</summary>
    private static string? Ungated(EvaluationReport? champion, string? misfit, ComparisonReport? comparison, string? metric)
    {
        if (misfit is not null) return $"The definition asks for no rule beside the champion, and the two could not be compared: {misfit}";
        if (champion is null || comparison is null) return null;
        var name = metric is not null && comparison.Metrics.ContainsKey(metric) ? metric : comparison.Metrics.Keys.First();
        var (deployed, difference) = (champion.Metrics[name].Value, comparison.Metrics[name]);
        return $"The definition asks for no rule beside the champion; compared all the same: the champion, version {comparison.Champion}, has {Text(deployed)} in {name} "
            + $"on the same rows, the candidate {Text(deployed + difference.Value)}{Between(difference)}.";
    }

    private static string Between(PairedDifference difference) =>
        $"; the difference is {Text(difference.Value)}, 95% interval {Text(difference.Low)} to {Text(difference.High)}, and the candidate is better in {Text(100 * difference.ShareBetter)}% of resamples";

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
        return Bounded($"minimum {metric}", metric, candidate.Find(metric), bound, atLeast, $"the definition requires at {(atLeast ? "least" : "most")} {Text(bound)}", WhyUnmeasured(metric, candidate));
    }

    private static GateReason Maximum(string metric, double bound, EvaluationReport candidate) =>
        Bounded($"maximum {metric}", metric, candidate.Find(metric), bound, atLeast: false, $"the definition requires at most {Text(bound)}", WhyUnmeasured(metric, candidate));

    /// <summary>Why there is no such figure, where that can be told.</summary>
    private static string WhyUnmeasured(string metric, EvaluationReport candidate) => metric == MetricNames.FoldDeviation && candidate.Stability is { Folds.Count: 1 }
        ? ", since it was cross-validated on one fold only, which has no deviation" : "";

    private static IEnumerable<GateReason> Groups(GroupGate gate, ColumnFairness? column) =>
    [
        .. gate.Minimum.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Group(gate.Column, m.Key, column, m.Value, atLeast: true)),
        .. gate.Maximum.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Group(gate.Column, m.Key, column, m.Value, atLeast: false)),
    ];

    private static GateReason Group(string name, string figure, ColumnFairness? column, double bound, bool atLeast)
    {
        var rule = $"{(atLeast ? "minimum" : "maximum")} {figure} of {name}";
        var required = $"the definition requires at {(atLeast ? "least" : "most")} {Text(bound)}";
        if (column is null || GroupMetrics.Find(column, figure) is not { } found)
        {
            return new GateReason(
                rule, null, bound, atLeast, false,
                $"The candidate's {figure} was not measured for '{name}': {(column is null ? "there is no report of its groups" : "too few of its groups have rows enough")}; {required}.");
        }

        var value = found.Figure.Value;
        var leftOut = GroupMetrics.LeftOut(column, figure) is { Count: > 0 } few ? $" Left out, having too few rows for it: {string.Join(", ", few.Select(g => $"'{g}'"))}." : "";
        return new GateReason(
            rule, value, bound, atLeast, atLeast ? value >= bound : value <= bound,
            $"Of the groups of '{name}' the candidate's {figure} is {Text(value)}, that of {found.Of}; {required}.{leftOut}", found.Figure.Low, found.Figure.High);
    }

    private static GateReason Champion(ChampionGate gate, EvaluationReport candidate, EvaluationReport champion, ComparisonReport? comparison)
    {
        if (!champion.Metrics.TryGetValue(gate.Metric, out var deployed))
        {
            return NotComparable(gate, candidate, $"The champion's {gate.Metric} was not measured on these rows.");
        }

        var required = $"the champion has {Text(deployed.Value)} on the same rows, and {Tolerated(gate)} worse is tolerated";
        var difference = comparison?.Metrics.GetValueOrDefault(gate.Metric);
        if (gate.ByInterval) return ByInterval(gate, candidate, deployed.Value, difference, comparison?.LeftOut);
        var between = difference is null ? "" : Between(difference);
        // Where rows were left out for both, the candidate's own report is of other rows than the champion's.
        var found = comparison?.Candidate?.GetValueOrDefault(gate.Metric) is { } its ? new GateFigure(its.Value, its.Low, its.High) : candidate.Find(gate.Metric);
        var reason = Bounded($"champion {gate.Metric}", gate.Metric, found, Bound(gate, deployed.Value), MetricNames.IsHigherBetter(gate.Metric), required + between);
        return reason with { Difference = difference, Explanation = comparison?.LeftOut is { } left ? $"{reason.Explanation} {left.Reason}" : reason.Explanation };
    }

    /// <summary>By the end of the difference's interval at which the candidate is worst.</summary>
    private static GateReason ByInterval(ChampionGate gate, EvaluationReport candidate, double champion, PairedDifference? difference, LeftOutRows? leftOut)
    {
        if (difference is null) return NotComparable(gate, candidate, $"There is no interval of the difference in {gate.Metric}, which 'by: interval' asks for.");
        var higher = MetricNames.IsHigherBetter(gate.Metric);
        var tolerated = Worse(gate, champion);
        var bound = higher && tolerated > 0 ? -tolerated : tolerated;
        var worst = higher ? difference.Low : difference.High;
        // Without a tolerance the candidate has to be better: what is equal is not.
        var passed = tolerated == 0 ? (higher ? worst > 0 : worst < 0) : higher ? worst >= bound : worst <= bound;
        return new GateReason(
            $"champion {gate.Metric}", worst, bound, higher, passed,
            $"The champion has {Text(champion)} in {gate.Metric} on the same rows, the candidate {Text(champion + difference.Value)}; "
                + $"the difference's 95% interval is {Text(difference.Low)} to {Text(difference.High)}, whose worse end has to be {(tolerated == 0 ? $"{(higher ? "above" : "below")} 0" : $"at {(higher ? "least" : "most")} {Text(bound)}")} (by: interval). "
                + $"The candidate is better in {Text(100 * difference.ShareBetter)}% of resamples.{(leftOut is null ? "" : $" {leftOut.Reason}")}",
            difference.Low, difference.High, difference);
    }

    /// <summary>A champion that cannot be measured on the candidate's rows is held to what was measured of it when it was a candidate.</summary>
    private static GateReason Recorded(ChampionGate gate, EvaluationReport candidate, EvaluationReport? recorded, string misfit)
    {
        if (recorded?.Metrics.GetValueOrDefault(gate.Metric) is not { } its)
        {
            return NotComparable(gate, candidate, $"{misfit} Nor is there a recorded {gate.Metric} of it for the same task, target and classes.");
        }

        if (gate.ByInterval) return NotComparable(gate, candidate, $"{misfit} So there is no interval of their difference, which 'by: interval' asks for.");
        var reason = Bounded(
            $"champion {gate.Metric}", gate.Metric, candidate.Find(gate.Metric), Bound(gate, its.Value), MetricNames.IsHigherBetter(gate.Metric),
            $"the champion had {Text(its.Value)} when it was trained, and {Tolerated(gate)} worse is tolerated");
        return reason with { Explanation = $"{reason.Explanation} These are other rows, those held out then, since the champion cannot be measured on the candidate's: {misfit}" };
    }

    private static GateReason NotComparable(ChampionGate gate, EvaluationReport candidate, string why)
    {
        var found = candidate.Find(gate.Metric);
        return new GateReason(
            $"champion {gate.Metric}", found?.Value, null, MetricNames.IsHigherBetter(gate.Metric), false,
            $"The candidate cannot be compared with the champion: {why} If it shall take the champion's place all the same, write 'champion: none' under 'gates' for this training.",
            found?.Low, found?.High);
    }

    private static double Bound(ChampionGate gate, double champion) =>
        MetricNames.IsHigherBetter(gate.Metric) ? champion - Worse(gate, champion) : champion + Worse(gate, champion);

    /// <summary>What is in the target's unit may be of any size: of it the tolerance is a share.</summary>
    private static double Worse(ChampionGate gate, double champion) => MetricNames.IsInTargetUnit(gate.Metric) ? gate.Tolerance * champion : gate.Tolerance;

    private static string Tolerated(ChampionGate gate) => MetricNames.IsInTargetUnit(gate.Metric) ? $"{Text(100 * gate.Tolerance)}%" : Text(gate.Tolerance);

    private static GateReason Bounded(string rule, string metric, GateFigure? figure, double bound, bool atLeast, string required, string why = "")
    {
        if (figure is not { } found)
        {
            return new GateReason(rule, null, bound, atLeast, false, $"The candidate's {metric} was not measured{why}; {required}.");
        }

        var passed = atLeast ? found.Value >= bound : found.Value <= bound;
        return new GateReason(rule, found.Value, bound, atLeast, passed, $"The candidate's {metric} is {Text(found.Value)}; {required}.", found.Low, found.High);
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
