using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Evaluation;

/// <summary>Measures a model by its scores on held-out rows.</summary>
public static class ModelEvaluator
{
    /// <param name="scores">Probabilities of the positive class.</param>
    /// <param name="labels">1 or 0 for each score.</param>
    /// <param name="threshold">A row with at least this score is predicted positive.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    /// <param name="sensitive">Sensitive columns by name, one text per row, empty where missing; null for none.</param>
    /// <param name="cost">What errors cost; null if nobody said.</param>
    /// <param name="cancellationToken">Checked before every bootstrap resample.</param>
    /// <returns>The report, or a refusal if the rows have one class only: no curve can be drawn then.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a score is outside [0, 1], or a label is neither 0 nor 1.</exception>
    public static EvaluationOutcome Evaluate(
        float[] scores,
        float[] labels,
        double threshold,
        int seed,
        IReadOnlyDictionary<string, string[]>? sensitive,
        CostPolicy? cost,
        CancellationToken cancellationToken)
    {
        if (Check(labels) is { } refusal)
        {
            return new EvaluationOutcome(null, refusal);
        }

        var positives = labels.Count(l => l == 1);
        var ranking = new ScoreRanking(scores, labels);
        var metrics = MetricIntervals.Of(ranking, seed, cancellationToken);
        var slices = new List<SensitiveSlices>();
        foreach (var (column, values) in (sensitive ?? new Dictionary<string, string[]>()).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (values.Length != scores.Length)
            {
                throw new ArgumentException($"Found {values.Length} values of '{column}' for {scores.Length} scores; expected one for each.", nameof(sensitive));
            }

            slices.Add(SliceEvaluation.Of(column, values, scores, labels, threshold));
        }

        var confusion = Count(scores, labels, threshold);
        var report = new EvaluationReport(
            scores.Length, positives, metrics, confusion, slices, MetricIntervals.ResamplesFor(scores.Length),
            CalibrationCurve.Of(ranking), GainTable.Of(ranking), OperatingCurve.Of(ranking), ScoreHistogram.Of(ranking),
            cost is null ? null : ErrorCost.Of(cost, confusion));
        return new EvaluationOutcome(report, null);
    }

    /// <summary>Why rows of these labels cannot be evaluated on; null when they can.</summary>
    public static Refusal? Check(float[] labels)
    {
        var positives = labels.Count(l => l == 1);
        return positives > 0 && positives < labels.Length
            ? null
            : new Refusal(
                $"Found {positives} positive and {labels.Length - positives} negative rows to evaluate on; expected both classes.",
                "Bring more rows of the missing class, so that some of them are held out.");
    }

    private static Confusion Count(float[] scores, float[] labels, double threshold)
    {
        int tp = 0, fp = 0, tn = 0, fn = 0;
        for (var row = 0; row < scores.Length; row++)
        {
            switch (scores[row] >= threshold, labels[row] == 1)
            {
                case (true, true): tp++; break;
                case (true, false): fp++; break;
                case (false, false): tn++; break;
                case (false, true): fn++; break;
            }
        }

        return new Confusion(threshold, tp, fp, tn, fn, Rate(tp, tp + fp), Rate(tp, tp + fn), Rate(tn, tn + fp), Rate(tp + tn, scores.Length));
    }

    private static double? Rate(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
