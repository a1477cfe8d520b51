using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Definitions;

/// <summary>Reads the <c>gates</c> of a definition.</summary>
internal static class GateSection
{
    private const string Interval = "interval";
    private const string Minimum = "minimum";
    private const string Maximum = "maximum";

    public static GatePolicy Read(SectionReader root, LearningTask task, TrainingPolicy training, IReadOnlyList<string> sensitive)
    {
        var names = MetricNames.For(task);
        var (score, loss) = task == LearningTask.Regression ? ("{ r2: 0.80 }", "{ rmse: 150 }") : ("{ roc-auc: 0.80 }", "{ brier: 0.15 }");
        var gates = root.Section("gates", $"{{ minimum: {score} }}", Minimum, Maximum, "champion", "groups");
        var least = Bounds(gates.Section(Minimum, score, names.Gated), training);
        var most = gates.Has(Maximum) ? Bounds(gates.Section(Maximum, loss, names.Losses, name => Under(Minimum, name, names.Gated)), training) : null;
        var groups = ReadGroups(gates, task, training, sensitive);
        if (gates.IsWord("champion", "none"))
        {
            return new GatePolicy(least, null, most) { Groups = groups };
        }

        var champion = gates.Section("champion", $"{{ metric: {names.Default}, tolerance: 0.002 }}' or 'champion: none", "metric", "tolerance", "by");
        return new GatePolicy(
            least,
            new ChampionGate(champion.OneOf("metric", names.All) ?? training.Metric, champion.Number("tolerance", ChampionGate.DefaultTolerance, 0, 1))
            {
                ByInterval = champion.OneOf("by", ["value", Interval]) == Interval,
            },
            most)
        {
            Groups = groups,
        };
    }

    private static List<GroupGate>? ReadGroups(SectionReader gates, LearningTask task, TrainingPolicy training, IReadOnlyList<string> sensitive)
    {
        var names = GroupMetrics.For(task);
        var example = $"{{ maximum: {{ {names.Most[^1]}: 0.2 }} }}";
        var groups = gates.OpenSection("groups", $"{{ {(sensitive.Count > 0 ? sensitive[0] : "Marital")}: {example} }}");
        var read = new List<GroupGate>();
        foreach (var column in groups.Keys)
        {
            if (!sensitive.Contains(column))
            {
                groups.Refuse(
                    groups.LineOf(column), $"gates.groups names '{column}', which 'sensitive' does not: its groups are not measured.",
                    NearestName.Of(column, sensitive) is { } nearest ? $"Did you mean '{nearest}'?" : $"Write 'sensitive: [{column}]', or remove it from gates.groups.");
            }

            var bounds = groups.Section(column, example, Minimum, Maximum);
            read.Add(new GroupGate(
                column,
                Bounds(bounds.Section(Minimum, $"{{ {(names.Least.Count > 0 ? names.Least[0] : names.Most[0])}: 0.7 }}", names.Least, name => Under(Maximum, name, names.Most)), training),
                Bounds(bounds.Section(Maximum, $"{{ {names.Most[^1]}: 0.2 }}", names.Most, name => Under(Minimum, name, names.Least)), training)));
        }

        return read.Count > 0 ? read : null;
    }

    /// <summary>What to do about a name that stands on the wrong side; null: it is none of the other side either.</summary>
    private static string? Under(string side, string name, IReadOnlyList<string> names) =>
        names.Contains(name) ? $"{name} is better when it is {(side == Minimum ? "higher" : "lower")}: write its bound under '{side}'." : null;

    private static Dictionary<string, double> Bounds(SectionReader section, TrainingPolicy training)
    {
        if (section.Has(MetricNames.CostPerRow) && training.Cost is null)
        {
            section.Refuse(
                section.LineOf(MetricNames.CostPerRow),
                $"gates bound {MetricNames.CostPerRow}, which is not measured unless the definition says what errors cost.",
                "Add 'cost: { false-positive: 1, false-negative: 5 }' under 'training', or remove the bound.");
        }

        return section.Keys.ToDictionary(
            metric => metric,
            metric => section.Number(metric, 0, 0, MetricNames.IsUnbounded(metric) || GroupMetrics.IsUnbounded(metric) ? double.PositiveInfinity : 1), StringComparer.Ordinal);
    }
}
