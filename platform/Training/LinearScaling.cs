namespace Serverless.Platform.Training;

/// <summary>How a number column becomes features of a linear model: distance from the mean in standard deviations, 0 where missing, and whether it is missing.</summary>
/// <param name="Mean">The mean of the training rows' values, those beyond the 1st and 99th percentile taken for these (winsorised).</param>
/// <param name="Deviation">Their standard deviation, likewise, or where they are then all alike that of the values as they are; 1 when these are all alike too.</param>
/// <param name="HasMissing">Whether training rows lacked it, so that its lack has a feature and a weight of its own.</param>
public sealed record NumberScale(float Mean, float Deviation, bool HasMissing);

/// <summary>
/// Turns the features that trees see into those of a linear model: numbers standardised, at most <see cref="MostDeviations"/> from the mean so that
/// one absurd value decides nothing, then an indicator for each number column with missing values, then the other features as they are.
/// </summary>
/// <param name="Numbers">A scale for each number feature; they stand first in the matrix.</param>
internal sealed record LinearScaling(IReadOnlyList<NumberScale> Numbers)
{
    public const float MostDeviations = 8;

    private const double WinsorisedShare = 0.01;

    /// <param name="features">What <see cref="FeatureEncoding"/> made of training rows.</param>
    /// <param name="numbers">How many of its features are numbers.</param>
    public static LinearScaling Learn(DenseMatrix features, int numbers) =>
        new([.. Enumerable.Range(0, numbers).Select(column => Learn(features, column, features.Rows))]);

    /// <summary>The features of a linear model, none of them missing.</summary>
    public DenseMatrix Apply(DenseMatrix features)
    {
        var indicators = Numbers.Index().Where(n => n.Item.HasMissing).Select(n => n.Index).ToArray();
        var width = features.Columns + indicators.Length;
        var values = new float[checked(features.Rows * width)];
        for (var row = 0; row < features.Rows; row++)
        {
            var from = features.Row(row);
            var to = values.AsSpan(row * width, width);
            for (var n = 0; n < Numbers.Count; n++)
            {
                to[n] = float.IsNaN(from[n]) ? 0 : Math.Clamp((from[n] - Numbers[n].Mean) / Numbers[n].Deviation, -MostDeviations, MostDeviations);
            }

            for (var i = 0; i < indicators.Length; i++) to[Numbers.Count + i] = float.IsNaN(from[indicators[i]]) ? 1 : 0;
            from[Numbers.Count..].CopyTo(to[(Numbers.Count + indicators.Length)..]);
        }

        return new DenseMatrix(values, features.Rows, width);
    }

    /// <remarks>A few absurd values, such as 99999999 for an unknown one, would else set mean and deviation, and all others would be as good as alike.</remarks>
    private static NumberScale Learn(DenseMatrix features, int column, int rows)
    {
        float[] known = [.. Enumerable.Range(0, rows).Select(row => features.Row(row)[column]).Where(value => !float.IsNaN(value))];
        Array.Sort(known);
        var beyond = (int)(known.Length * WinsorisedShare);
        var (mean, deviation) = known.Length == 0 ? (0, 0) : MeanAndDeviation([.. known.Select(value => Math.Clamp(value, known[beyond], known[^(1 + beyond)]))]);
        if (deviation == 0) (mean, deviation) = MeanAndDeviation(known);
        return new NumberScale((float)mean, (float)deviation is > 0 and < float.PositiveInfinity and var scale ? scale : 1, known.Length < rows);
    }

    private static (double Mean, double Deviation) MeanAndDeviation(float[] values)
    {
        if (values.Length == 0) return (0, 0);
        var mean = values.Average(value => (double)value);
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
