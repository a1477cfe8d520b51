namespace Serverless.Platform.Training;

/// <summary>How a number column becomes features of a linear model: distance from the mean in standard deviations, 0 where missing, and whether it is missing.</summary>
/// <param name="Mean">The mean of the training rows' values.</param>
/// <param name="Deviation">Their standard deviation; 1 when they are all alike.</param>
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

    private static NumberScale Learn(DenseMatrix features, int column, int rows)
    {
        var (count, sum) = (0, 0.0);
        for (var row = 0; row < rows; row++)
        {
            var value = features.Row(row)[column];
            if (float.IsNaN(value)) continue;
            count++;
            sum += value;
        }

        var mean = count == 0 ? 0 : sum / count;
        var squares = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var value = features.Row(row)[column];
            if (!float.IsNaN(value)) squares += (value - mean) * (value - mean);
        }

        var deviation = (float)Math.Sqrt(squares / Math.Max(1, count));
        return new NumberScale((float)mean, deviation > 0 && float.IsFinite(deviation) ? deviation : 1, count < rows);
    }
}
