namespace Serverless.Platform.Evaluation;

/// <summary>A figure of a group, with its 95% interval.</summary>
internal readonly record struct GroupFigure(string Group, double Value, double Low, double High)
{
    public static GroupFigure Of(string group, Proportion share) => new(group, share.Value, share.Low, share.High);

    public static GroupFigure Of(string group, MetricEstimate estimate) => new(group, estimate.Value, estimate.Low, estimate.High);
}

/// <summary>
/// The interval of the difference of two groups' figures: method 10 of Newcombe, Statistics in Medicine 17, 1998; for figures other than shares Zou, Donner,
/// Statistics in Medicine 27, 2008. That of their ratio is the same method's, MOVER-R (Newcombe, Statistical Methods in Medical Research 25, 2016).
/// </summary>
/// <param name="Top">Whose figure the other is taken from, and divided by.</param>
/// <param name="Bottom">The other; its figure may be the higher.</param>
/// <param name="Wider">By how much wider a side of the figures' intervals is made.</param>
internal readonly record struct GroupPair(GroupFigure Top, GroupFigure Bottom, double Wider)
{
    public double Low => Top.Value - Bottom.Value - (Wider * Math.Sqrt(Square(Top.Value - Top.Low) + Square(Bottom.High - Bottom.Value)));

    public double High => Top.Value - Bottom.Value + (Wider * Math.Sqrt(Square(Top.High - Top.Value) + Square(Bottom.Value - Bottom.Low)));

    /// <summary>The least factor by which the upper figure may be multiplied so that the difference of the two still has 0 in its interval.</summary>
    public double RatioLow
    {
        get
        {
            var low = Math.Max(0, Bottom.Value - (Wider * (Bottom.Value - Bottom.Low)));
            return low == 0 ? 0 : low * ((2 * Bottom.Value) - low) / (Product + Spread(low, Top.Value + (Wider * (Top.High - Top.Value))));
        }
    }

    /// <summary>The greatest such factor; infinite where there is none.</summary>
    public double RatioHigh
    {
        get
        {
            var low = Top.Value - (Wider * (Top.Value - Top.Low));
            return low <= 0
                ? double.PositiveInfinity
                : (Product + Spread(Bottom.Value + (Wider * (Bottom.High - Bottom.Value)), low)) / (low * ((2 * Top.Value) - low));
        }
    }

    private double Product => Bottom.Value * Top.Value;

    private double Spread(double bottom, double top) => Math.Sqrt(Square(Product) - (bottom * ((2 * Bottom.Value) - bottom) * top * ((2 * Top.Value) - top)));

    private static double Square(double value) => value * value;
}
