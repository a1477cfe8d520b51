namespace Serverless.Platform.Definitions;

/// <summary>How much a row of each class counts in training.</summary>
/// <param name="Positive">The weight of a positive row; null with <paramref name="Negative"/>: balanced, so that both classes count the same in sum.</param>
/// <param name="Negative">The weight of a negative row.</param>
public sealed record ClassWeights(double? Positive = null, double? Negative = null)
{
    private const double Least = 1e-3;
    private const double Most = 1e3;
    private const string Example = "{ positive: 5, negative: 1 }";

    public static ClassWeights Balanced { get; } = new();

    /// <summary>A weight for each row.</summary>
    /// <param name="labels">1 for the positive class, 0 for the other; both must occur.</param>
    public float[] For(float[] labels)
    {
        var positives = labels.Count(l => l == 1);
        var positive = (float)(Positive ?? labels.Length / (2.0 * positives));
        var negative = (float)(Negative ?? labels.Length / (2.0 * (labels.Length - positives)));
        return [.. labels.Select(l => l == 1 ? positive : negative)];
    }

    /// <summary>The <c>weights</c> of a definition's <c>training</c>; null when rows count the same.</summary>
    internal static ClassWeights? Read(SectionReader training)
    {
        if (!training.Has("weights") || training.IsWord("weights", "none")) return null;
        if (training.IsWord("weights", "balanced")) return Balanced;

        var before = training.RefusalCount;
        var weights = training.Section("weights", $"balanced', 'weights: none' or 'weights: {Example}", "positive", "negative");
        return training.RefusalCount > before && !weights.Keys.Any()
            ? null
            : new ClassWeights(weights.Number("positive", 1, Least, Most), weights.Number("negative", 1, Least, Most));
    }
}
