namespace Serverless.Platform.Pages;

/// <summary>The ends of an axis whose five steps are round numbers.</summary>
/// <param name="Least">Where it begins.</param>
/// <param name="Most">Where it ends.</param>
internal readonly record struct PlotAxis(double Least, double Most)
{
    public const int Steps = 5;

    private static readonly double[] Round = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

    /// <summary>From 0 to a value.</summary>
    public static PlotAxis To(double most) => new(0, most);

    /// <summary>Round ends that hold both values.</summary>
    public static PlotAxis Holding(double low, double high)
    {
        var range = high > low ? high - low : Math.Max(1, Math.Abs(low));
        var scale = Math.Pow(10, Math.Floor(Math.Log10(range / Steps)));
        foreach (var step in Round.Select(r => r * scale))
        {
            var least = Math.Floor(low / step) * step;
            if (least + (Steps * step) >= high) return new PlotAxis(least, least + (Steps * step));
        }

        return new PlotAxis(Math.Floor(low / (10 * scale)) * 10 * scale, Math.Ceiling(high / (10 * scale)) * 10 * scale);
    }

    public double At(int step) => Least + ((Most - Least) * step / Steps);

    /// <summary>Where a value stands on it, 0 to 1 within its ends.</summary>
    public double Share(double value) => (value - Least) / (Most - Least);
}
