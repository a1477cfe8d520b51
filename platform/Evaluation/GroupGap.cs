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
/// figures other than shares Zou, Donner, Statistics in Medicine 27, 2008. That of their ratio is the same method's, MOVER-R (Newcombe, Statistical Methods in
/// Medical Research 25, 2016). The two groups were picked since they differ most, so the interval is one of all pairs of groups at once, after Bonferroni: of groups
/// that are alike, in 95% of cases that of the difference begins at 0, and then that of the ratio ends at 1.
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

    /// <summary>The lowest over the highest as a measure; without a value where fewer than two groups can be compared, or none has any of what is measured.</summary>
    public static FairnessMeasure Ratio(string name, GroupGap? gap, string definition) => gap is not { Top.Value: > 0 }
        ? new FairnessMeasure(name, null, null, null, 1, null, null, gap?.Groups ?? 0, definition)
        : new FairnessMeasure(
            name, gap.Bottom.Value / gap.Top.Value, gap.RatioLow, gap.RatioHigh, 1, gap.Top.Group, gap.Bottom.Group, gap.Groups, $"{definition} {Interval}");

    /// <summary>The least factor by which the highest figure may be multiplied so that the difference of the two still has 0 in its interval.</summary>
    private double RatioLow
    {
        get
        {
            var low = Math.Max(0, Bottom.Value - (ForAllPairs * (Bottom.Value - Bottom.Low)));
            return low == 0 ? 0 : low * ((2 * Bottom.Value) - low) / (Product + Spread(low, Top.Value + (ForAllPairs * (Top.High - Top.Value))));
        }
    }

    /// <summary>The greatest such factor; the lowest is never above the highest, so neither is this above 1.</summary>
    private double RatioHigh
    {
        get
        {
            var low = Top.Value - (ForAllPairs * (Top.Value - Top.Low));
            return low <= 0 ? 1 : Math.Min(1, (Product + Spread(Bottom.Value + (ForAllPairs * (Bottom.High - Bottom.Value)), low)) / (low * ((2 * Top.Value) - low)));
        }
    }

    private double Product => Bottom.Value * Top.Value;

    private double Spread(double bottom, double top) => Math.Sqrt(Square(Product) - (bottom * ((2 * Bottom.Value) - bottom) * top * ((2 * Top.Value) - top)));

    private static double Square(double value) => value * value;
}
