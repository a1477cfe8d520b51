using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>Predicted values beside the true ones.</summary>
internal sealed class ValueErrors : TaskScores
{
    private readonly double[] errors;
    private readonly double[] deviations;
    private readonly int[] byAbsoluteError;

    /// <param name="predicted">Finite values.</param>
    /// <param name="actual">One for each; finite, and not all the same.</param>
    /// <exception cref="ArgumentException">Lengths differ, a value is not finite, or all true values are the same.</exception>
    public ValueErrors(ReadOnlySpan<float> predicted, ReadOnlySpan<float> actual)
    {
        if (predicted.Length != actual.Length)
        {
            throw new ArgumentException($"Found {predicted.Length} scores for {actual.Length} labels; expected one for each.", nameof(predicted));
        }

        errors = new double[actual.Length];
        deviations = new double[actual.Length];
        var sum = 0.0;
        for (var row = 0; row < errors.Length; row++)
        {
            if (!float.IsFinite(predicted[row]) || !float.IsFinite(actual[row]))
            {
                throw new ArgumentException($"Found score {predicted[row]} and label {actual[row]} in row {row}; expected finite values.", nameof(predicted));
            }

            errors[row] = (double)predicted[row] - actual[row];
            sum += actual[row];
        }

        if (actual.Length == 0 || !actual.ContainsAnyExcept(actual[0]))
        {
            throw new ArgumentException($"Found {actual.Length} rows of one value; expected at least two different ones.", nameof(actual));
        }

        // Values are taken from their mean, so that the sum of squares does not drown in a large offset.
        for (var row = 0; row < errors.Length; row++) deviations[row] = actual[row] - (sum / errors.Length);

        byAbsoluteError = [.. Enumerable.Range(0, errors.Length)];
        Array.Sort(Array.ConvertAll(errors, Math.Abs), byAbsoluteError);
    }

    public override int Rows => errors.Length;

    public override IReadOnlyList<int[]> Strata => [[.. Enumerable.Range(0, errors.Length)]];

    /// <summary>Predicted less true, row by row.</summary>
    public ReadOnlySpan<double> Errors => errors;

    /// <summary>
    /// <list type="bullet">
    /// <item>RMSE: √ mean e².</item>
    /// <item>MAE: mean |e|. Willmott, Matsuura, Climate Research 30, 2005, on both.</item>
    /// <item>R²: 1 − Σ e² / Σ (y − ȳ)²; 0 for predicting the mean of these rows, below 0 for worse. Kvålseth, The American Statistician 39, 1985, no. 1.</item>
    /// <item>Median absolute error: the mean of the middle two where rows are even.</item>
    /// </list>
    /// </summary>
    public override double[] Measure(IReadOnlyList<string> metrics, ReadOnlySpan<int> weights)
    {
        long total = 0;
        double squares = 0, absolutes = 0, deviation = 0, spread = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            total += weights[row];
            squares += weights[row] * errors[row] * errors[row];
            absolutes += weights[row] * Math.Abs(errors[row]);
            deviation += weights[row] * deviations[row];
            spread += weights[row] * deviations[row] * deviations[row];
        }

        spread -= deviation * deviation / total;
        var values = new double[metrics.Count];
        for (var m = 0; m < values.Length; m++)
        {
            values[m] = metrics[m] switch
            {
                MetricNames.Rmse => Math.Sqrt(squares / total),
                MetricNames.Mae => absolutes / total,
                // A resample of few rows may hold one value only: nothing was there to explain.
                MetricNames.R2 => spread > 0 ? 1 - (squares / spread) : squares == 0 ? 1 : 0,
                MetricNames.MedianAbsoluteError => (Absolute((total - 1) / 2, weights) + Absolute(total / 2, weights)) / 2,
                _ => throw NoSuchMetric(LearningTask.Regression, metrics[m]),
            };
        }

        return values;
    }

    /// <summary>The absolute error at a place of their order, each row counted as often as its weight says.</summary>
    private double Absolute(long place, ReadOnlySpan<int> weights)
    {
        long seen = 0;
        foreach (var row in byAbsoluteError)
        {
            seen += weights[row];
            if (seen > place) return Math.Abs(errors[row]);
        }

        throw new ArgumentException($"Found {seen} rows by weight; expected more than {place}.", nameof(weights));
    }
}
