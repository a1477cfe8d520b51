namespace Serverless.Platform.Evaluation;

/// <summary>How the errors of predicted values are spread on held-out rows. An error is the predicted value less the true one, in the target's unit.</summary>
/// <param name="MeanError">The mean with its 95% interval (normal approximation): above 0 the model predicts too much on average.</param>
/// <param name="StandardDeviation">The sample standard deviation of the errors.</param>
/// <param name="Quantiles">Quantiles of the errors, the lowest first.</param>
/// <param name="Deciles">Predicted against true values, by tenths of the rows in the order of the predicted value; equal ones kept together.</param>
/// <param name="Histogram">The errors in bins of equal width.</param>
public sealed record ResidualReport(
    MetricEstimate MeanError,
    double StandardDeviation,
    IReadOnlyList<ErrorQuantile> Quantiles,
    IReadOnlyList<PredictedBand> Deciles,
    IReadOnlyList<ErrorBin> Histogram)
{
    private const int MostDeciles = 10;
    private const int Bins = 24;

    // Errors further out than this share are counted in the outermost bins: a few of them would leave the others in one.
    private const double Tail = 0.005;

    private static readonly double[] Probabilities = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

    internal static ResidualReport Of(ReadOnlySpan<float> predicted, ReadOnlySpan<float> actual)
    {
        var errors = new double[actual.Length];
        for (var row = 0; row < errors.Length; row++) errors[row] = (double)predicted[row] - actual[row];
        var (mean, deviation) = (SampleMean.Of(errors), SampleMean.DeviationOf(errors));
        Array.Sort(errors);
        return new ResidualReport(
            mean, deviation, [.. Probabilities.Select(p => new ErrorQuantile(p, Bootstrap.Quantile(errors, p)))],
            Bands(predicted.ToArray(), actual.ToArray()), Spread(errors));
    }

    private static List<PredictedBand> Bands(float[] predicted, float[] actual)
    {
        int[] rows = [.. Enumerable.Range(0, predicted.Length)];
        Array.Sort(predicted, rows);
        var count = Math.Clamp(rows.Length / CalibrationCurve.LeastRows, 1, MostDeciles);
        var bands = new List<PredictedBand>();
        for (int from = 0, band = 1; from < rows.Length; band++)
        {
            var to = band >= count ? rows.Length : (int)((long)rows.Length * band / count);
            while (to < rows.Length && to > 0 && predicted[to] == predicted[to - 1]) to++;
            if (to <= from) continue;
            double[] values = [.. rows[from..to].Select(r => (double)actual[r])];
            double[] expected = [.. predicted[from..to].Select(p => (double)p)];
            bands.Add(new PredictedBand(
                to - from, predicted[from], predicted[to - 1], expected.Average(), SampleMean.Of(values),
                Math.Sqrt(expected.Zip(values, (p, y) => (p - y) * (p - y)).Average())));
            from = to;
        }

        return bands;
    }

    private static ErrorBin[] Spread(double[] sorted)
    {
        var (low, high) = (Bootstrap.Quantile(sorted, Tail), Bootstrap.Quantile(sorted, 1 - Tail));
        if (high <= low) return [new ErrorBin(sorted[0], sorted[^1], sorted.Length)];
        var counts = new int[Bins];
        foreach (var error in sorted) counts[(int)Math.Clamp((error - low) / (high - low) * Bins, 0, Bins - 1)]++;
        return [.. counts.Select((rows, b) => new ErrorBin(low + ((high - low) * b / Bins), low + ((high - low) * (b + 1) / Bins), rows))];
    }
}

/// <param name="Probability">Which quantile, 0 to 1.</param>
/// <param name="Error">So large is the error that this share of rows has no larger one.</param>
public sealed record ErrorQuantile(double Probability, double Error);

/// <param name="Rows">How many rows.</param>
/// <param name="LowestPredicted">The least predicted value among them.</param>
/// <param name="HighestPredicted">The greatest.</param>
/// <param name="MeanPredicted">The mean of the predicted values.</param>
/// <param name="MeanActual">The mean of the true ones, with its 95% interval (normal approximation).</param>
/// <param name="Rmse">The root mean squared error within the band.</param>
public sealed record PredictedBand(int Rows, double LowestPredicted, double HighestPredicted, double MeanPredicted, MetricEstimate MeanActual, double Rmse);

/// <param name="From">Least error of the bin; the first bin holds those below too.</param>
/// <param name="To">Where the next bin begins; the last bin holds those above too.</param>
/// <param name="Rows">How many rows.</param>
public sealed record ErrorBin(double From, double To, int Rows);
