namespace Serverless.Platform.Evaluation;

/// <summary>Means of values with their 95% interval by the normal approximation.</summary>
internal static class SampleMean
{
    /// <param name="values">At least one; of one the interval is the value.</param>
    public static MetricEstimate Of(ReadOnlySpan<double> values)
    {
        var mean = MeanOf(values);
        var half = Proportion.Z * DeviationOf(values) / Math.Sqrt(values.Length);
        return new MetricEstimate(mean, mean - half, mean + half);
    }

    /// <summary>Of values that are at least 0, such as losses: neither is the interval's lower end.</summary>
    public static MetricEstimate OfLosses(ReadOnlySpan<double> values)
    {
        var estimate = Of(values);
        return estimate with { Low = Math.Max(0, estimate.Low) };
    }

    /// <summary>The sample standard deviation; 0 of a single value.</summary>
    public static double DeviationOf(ReadOnlySpan<double> values)
    {
        if (values.Length < 2) return 0;
        var (mean, squares) = (MeanOf(values), 0.0);
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / (values.Length - 1));
    }

    private static double MeanOf(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("Found no values; expected at least one to take the mean of.", nameof(values));
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }
}
