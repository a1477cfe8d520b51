using MathNet.Numerics.Distributions;

namespace Serverless.Platform.Evaluation;

/// <summary>
/// The groups with the highest and the lowest figure, and the interval of their difference and of their ratio. The intervals of all pairs of groups hold at once
/// (Bonferroni), and the greatest difference of any pair is between the highest of their lower and the highest of their upper ends: a group of few rows at an
/// extreme hides no pair that plainly differs. Of groups that are alike, in 95% of cases the difference's interval begins at 0, and then that of the ratio ends at 1.
/// </summary>
internal sealed record GroupGap(GroupFigure Top, GroupFigure Bottom, int Groups, double Low, double High, double RatioLow, double RatioHigh)
{
    private const string OfDifference = "The interval is of all pairs of groups at once: each end is the highest of any pair, which need not be the two that differ most.";
    private const string OfRatio = "The interval is of all pairs of groups at once: each end is the lowest of any pair, which need not be the two that differ most.";

    public double Value => Top.Value - Bottom.Value;

    /// <returns>Null with fewer than two groups: there is nothing to compare.</returns>
    public static GroupGap? Of(IReadOnlyList<GroupFigure> figures) => Greatest([figures]);

    /// <summary>The greatest of several gaps, such as of two rates: the interval of its difference is of the pairs of all of them at once.</summary>
    /// <returns>Null where any has fewer than two groups.</returns>
    public static GroupGap? Greatest(IReadOnlyList<IReadOnlyList<GroupFigure>> figures)
    {
        if (figures.Count == 0 || figures.Any(f => f.Count < 2)) return null;
        var pairs = figures.Sum(f => f.Count * (f.Count - 1) / 2.0);
        var wider = Normal.InvCDF(0, 1, 1 - (0.025 / pairs)) / Proportion.Z;
        GroupGap[] gaps = [.. figures.Select(f => Of(f, wider))];
        return gaps.MaxBy(g => g.Value)! with { Low = gaps.Max(g => g.Low), High = gaps.Max(g => g.High) };
    }

    /// <summary>The difference as a measure; without a value where fewer than two groups can be compared.</summary>
    public static FairnessMeasure Difference(string name, GroupGap? gap, string definition) => gap is null
        ? new FairnessMeasure(name, null, null, null, 0, null, null, 0, definition)
        : new FairnessMeasure(name, gap.Value, gap.Low, gap.High, 0, gap.Top.Group, gap.Bottom.Group, gap.Groups, $"{definition} {OfDifference}");

    /// <summary>The lowest over the highest as a measure; without a value where fewer than two groups can be compared, or none has any of what is measured.</summary>
    public static FairnessMeasure Ratio(string name, GroupGap? gap, string definition) => gap is not { Top.Value: > 0 }
        ? new FairnessMeasure(name, null, null, null, 1, null, null, gap?.Groups ?? 0, definition)
        : new FairnessMeasure(
            name, gap.Bottom.Value / gap.Top.Value, gap.RatioLow, gap.RatioHigh, 1, gap.Top.Group, gap.Bottom.Group, gap.Groups, $"{definition} {OfRatio}");

    private static GroupGap Of(IReadOnlyList<GroupFigure> figures, double wider)
    {
        // The greatest is never below the least: their difference is not below 0, nor their ratio above 1.
        var (low, high, ratioLow, ratioHigh) = (0.0, 0.0, 1.0, 1.0);
        foreach (var top in figures)
        {
            foreach (var bottom in figures.Where(f => f.Group != top.Group))
            {
                // Both ways round: few rows may leave open which of two groups has the higher figure.
                var pair = new GroupPair(top, bottom, wider);
                (low, high) = (Math.Max(low, pair.Low), Math.Max(high, pair.High));
                (ratioLow, ratioHigh) = (Math.Min(ratioLow, pair.RatioLow), Math.Min(ratioHigh, pair.RatioHigh));
            }
        }

        return new GroupGap(figures.MaxBy(f => f.Value), figures.MinBy(f => f.Value), figures.Count, low, high, ratioLow, ratioHigh);
    }
}
