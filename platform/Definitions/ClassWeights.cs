using System.Text.Json.Serialization;
using Serverless.Platform.Datasets;

namespace Serverless.Platform.Definitions;

/// <summary>How much a row of each class counts in training.</summary>
/// <param name="Positive">The weight of a positive row; null with <paramref name="Negative"/>: balanced, so that all classes count the same in sum.</param>
/// <param name="Negative">The weight of a negative row.</param>
public sealed record ClassWeights(double? Positive = null, double? Negative = null)
{
    private const double Least = 1e-3;
    private const double Most = 1e3;
    private const string Example = "{ positive: 5, negative: 1 }";
    private const string ClassExample = "{ first class: 5 }";

    public static ClassWeights Balanced { get; } = new();

    /// <summary>Of several classes the weights by name, 1 for the others; null for two classes, and where they are balanced.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? ByClass { get; init; }

    /// <summary>By the weights that are named, in whatever order: they come from a definition, or from what an orchestration hands to its activities.</summary>
    public bool Equals(ClassWeights? other) => other is not null && Positive == other.Positive && Negative == other.Negative
        && (ByClass is null) == (other.ByClass is null)
        && (ByClass is null || (ByClass.Count == other.ByClass!.Count && ByClass.All(c => other.ByClass.TryGetValue(c.Key, out var weight) && weight == c.Value)));

    public override int GetHashCode() => HashCode.Combine(Positive, Negative, ByClass?.Count);

    /// <summary>A weight for each row.</summary>
    /// <param name="rows">Rows of at least two classes.</param>
    public float[] For(LabeledTable rows) => rows.Task == LearningTask.MulticlassClassification ? ForClasses(rows) : For(rows.Labels);

    /// <summary>The <c>weights</c> of a definition's <c>training</c>; null when rows count the same.</summary>
    internal static ClassWeights? Read(SectionReader training, LearningTask task)
    {
        if (!training.Has("weights") || training.IsWord("weights", "none")) return null;
        if (training.IsWord("weights", "balanced")) return Balanced;

        var before = training.RefusalCount;
        if (task == LearningTask.MulticlassClassification)
        {
            var classes = training.OpenSection("weights", $"balanced', 'weights: none' or 'weights: {ClassExample}");
            return training.RefusalCount > before
                ? null
                : new ClassWeights { ByClass = classes.Keys.ToDictionary(TargetValue.Of, c => classes.Number(c, 1, Least, Most), StringComparer.Ordinal) };
        }

        var weights = training.Section("weights", $"balanced', 'weights: none' or 'weights: {Example}", "positive", "negative");
        return training.RefusalCount > before && !weights.Keys.Any()
            ? null
            : new ClassWeights(weights.Number("positive", 1, Least, Most), weights.Number("negative", 1, Least, Most));
    }

    private float[] For(float[] labels)
    {
        var positives = labels.Count(l => l == 1);
        var positive = (float)(Positive ?? labels.Length / (2.0 * positives));
        var negative = (float)(Negative ?? labels.Length / (2.0 * (labels.Length - positives)));
        return [.. labels.Select(l => l == 1 ? positive : negative)];
    }

    private float[] ForClasses(LabeledTable rows)
    {
        var counts = new int[rows.Classes.Count];
        foreach (var label in rows.Labels) counts[(int)label]++;
        var present = counts.Count(c => c > 0);
        float[] weights = [.. rows.Classes.Select((name, place) => (float)(ByClass is { } byClass
            ? byClass.GetValueOrDefault(name, 1)
            : (double)rows.RowCount / present / Math.Max(1, counts[place])))];
        return [.. rows.Labels.Select(l => weights[(int)l])];
    }
}
