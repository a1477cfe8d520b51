using MathNet.Numerics.Distributions;

namespace Serverless.Platform.Evaluation;

/// <summary>A figure of a group, with its 95% interval.</summary>
internal readonly record struct GroupFigure(string Group, double Value, double Low, double High)
{
    public static GroupFigure Of(string group, Proportion share) => new(group, share.Value, share.Low, share.High);

    public static GroupFigure Of(string group, MetricEstimate estimate) => new(group, estimate.Value, estimate.Low, estimate.High);
}

/// <summary>
/// The groups with the highest and the lowest figure, and the interval of their difference: method 10 of Newcombe, Statistics in Medicine 17, 1998; for
/// figures other than shares Zou, Donner, Statistics in Medicine 27, 2008. The two were picked since they differ most, so the interval is one of all pairs of groups
/// at once, after Bonferroni: of groups that are alike, in 95% of cases it begins at 0.
/// </summary>
internal sealed record GroupGap(GroupFigure Top, GroupFigure Bottom, int Groups)
{
    private const string Interval = "The interval is of all pairs of groups at once, since these two were picked for differing most.";

    /// <returns>Null with fewer than two groups: there is nothing to compare.</returns>
    public static GroupGap? Of(IReadOnlyList<GroupFigure> figures) =>
        figures.Count < 2 ? null : new GroupGap(figures.MaxBy(f => f.Value), figures.MinBy(f => f.Value), figures.Count);

    public double Value => Top.Value - Bottom.Value;

    /// <summary>The greatest is never below the least, so neither is this.</summary>
    public double Low => Math.Max(0, Value - (ForAllPairs * Math.Sqrt(Square(Top.Value - Top.Low) + Square(Bottom.High - Bottom.Value))));

    public double High => Value + (ForAllPairs * Math.Sqrt(Square(Top.High - Top.Value) + Square(Bottom.Value - Bottom.Low)));

    /// <summary>By how much wider a side of the interval is than of one pair picked beforehand.</summary>
    private double ForAllPairs => Normal.InvCDF(0, 1, 1 - (0.025 / (Groups * (Groups - 1) / 2.0))) / Proportion.Z;

    /// <summary>The difference as a measure; without a value where fewer than two groups can be compared.</summary>
    public static FairnessMeasure Difference(string name, GroupGap? gap, string definition) => gap is null
        ? new FairnessMeasure(name, null, null, null, 0, null, null, 0, definition)
        : new FairnessMeasure(name, gap.Value, gap.Low, gap.High, 0, gap.Top.Group, gap.Bottom.Group, gap.Groups, $"{definition} {Interval}");

    private static double Square(double value) => value * value;
}
