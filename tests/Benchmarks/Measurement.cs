using System.Text.Json.Serialization;

namespace Serverless.Tests.Benchmarks;

/// <summary>One figure, measured several times.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of <paramref name="Values"/>: <c>ms</c> and <c>s</c> are better small, <c>…/s</c> are better large.</param>
/// <param name="Values">One per repetition, in the order they were measured.</param>
/// <param name="Yardstick">What bounds it on this machine, measured in turn with it; null where there is no such thing.</param>
internal sealed record Measurement(
    string Name, string Unit, IReadOnlyList<double> Values, [property: JsonIgnore] Measurement? Yardstick = null)
{
    public double Median => MedianOf(Values);

    public double Min => Values.Min();

    public double Max => Values.Max();

    [JsonPropertyName("yardstick")]
    public string? YardstickName => Yardstick?.Name;

    /// <summary>This median by the yardstick's; null without one.</summary>
    public double? Ratio => Yardstick is { } yardstick ? Median / yardstick.Median : null;

    private static double MedianOf(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
