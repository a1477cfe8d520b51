namespace Serverless.Platform.Evaluation;

/// <summary>A share of rows, with its 95% Wilson score interval (Wilson, J. Am. Stat. Assoc. 22, 1927), which stays within 0 and 1 and holds for small counts.</summary>
/// <param name="Value">The share.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Rows">Of how many rows.</param>
public sealed record Proportion(double Value, double Low, double High, int Rows)
{
    /// <summary>The normal distribution's 97.5% point.</summary>
    internal const double Z = 1.959963984540054;

    /// <returns>Null of no rows: there is no share of nothing.</returns>
    internal static Proportion? Wilson(int part, int whole)
    {
        if (whole == 0)
        {
            return null;
        }

        var share = (double)part / whole;
        var spread = Z * Z / whole;
        var middle = (share + (spread / 2)) / (1 + spread);
        var half = Z * Math.Sqrt((share * (1 - share) / whole) + (spread / (4 * whole))) / (1 + spread);
        return new Proportion(share, part == 0 ? 0 : Math.Max(0, middle - half), part == whole ? 1 : Math.Min(1, middle + half), whole);
    }
}
