using System.Globalization;

namespace Serverless.Platform.Datasets;

/// <summary>Numbers of columns, which are held as 32-bit floats, in documents that hold 64-bit ones: 298.06 and not 298.05999755859375.</summary>
internal static class SinglePrecision
{
    /// <summary>The number with the shortest text that gives the same 32-bit float.</summary>
    public static double Shortest(double value) =>
        double.Parse(((float)value).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The 32-bit float that a number stands for, if it is a shortest one, to compare values with; else the number.</summary>
    public static double Held(double value) => Shortest(value) == value ? (float)value : value;
}
