using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Evaluation;

/// <summary>Measures a model by its scores on held-out rows.</summary>
public static class ModelEvaluator
{
    /// <param name="input">The scores and what is true.</param>
    /// <param name="cancellationToken">Checked before every bootstrap resample.</param>
    /// <returns>The report, or a refusal if the rows have one class only, or one value: nothing can be told apart then.</returns>
    /// <exception cref="ArgumentException">Lengths differ, or a score or label is none of its task.</exception>
    public static EvaluationOutcome Evaluate(EvaluationInput input, CancellationToken cancellationToken)
    {
        if (Check(input.Task, input.Labels) is { } refusal)
        {
            return new EvaluationOutcome(null, refusal);
        }

        var rows = TaskScores.Of(input.Task, input.Scores, input.Width, input.Labels);
        var metrics = MetricIntervals.Of(rows, MetricNames.For(input.Task).All, input.Seed, cancellationToken);
        SensitiveSlices[] slices = [.. input.SensitiveColumns().Select(s => SliceEvaluation.Of(s.Column, s.Values, input, rows, cancellationToken))];
        var report = new EvaluationReport(rows.Rows, null, metrics, null, slices, MetricIntervals.ResamplesFor(rows));
        return new EvaluationOutcome(
            rows switch
            {
                ScoreRanking ranking => Complete(report, input, ranking, cancellationToken),
                ClassScores classes => report with
                {
                    Calibration = CalibrationCurve.WithChance(Confidence(classes), input.Seed, cancellationToken),
                    Classes = ClassReport.Of(classes, input.Classes),
                },
                _ => report with { Residuals = ResidualReport.Of(input.Scores, input.Labels) },
            },
            null);
    }

    /// <summary>Why rows of these labels cannot be evaluated on; null when they can.</summary>
    public static Refusal? Check(LearningTask task, float[] labels)
    {
        if (task == LearningTask.BinaryClassification)
        {
            var positives = labels.Count(l => l == 1);
            return positives > 0 && positives < labels.Length
                ? null
                : new Refusal(
                    $"Found {positives} positive and {labels.Length - positives} negative rows to evaluate on; expected both classes.",
                    "Bring more rows of the missing class, so that some of them are held out.");
        }

        if (labels.Distinct().Skip(1).Any()) return null;
        return task == LearningTask.Regression
            ? new Refusal(
                $"Found {labels.Length} rows to evaluate on whose target has one value; expected at least two different values.",
                "Bring more rows, so that some of them are held out.")
            : new Refusal(
                $"Found {labels.Length} rows to evaluate on, of one class; expected rows of at least two.",
                "Bring more rows of the other classes, so that some of them are held out.");
    }

    private static EvaluationReport Complete(EvaluationReport report, EvaluationInput input, ScoreRanking ranking, CancellationToken cancellationToken)
    {
        var confusion = Count(input.Scores, input.Labels, input.Threshold);
        return report with
        {
            Positives = ranking.Positives,
            Confusion = confusion,
            Calibration = CalibrationCurve.WithChance(ranking, input.Seed, cancellationToken),
            Gain = GainTable.Of(ranking),
            Curve = OperatingCurve.Of(ranking),
            Scores = ScoreHistogram.Of(ranking),
            Cost = input.Cost is null ? null : ErrorCost.Of(input.Cost, confusion),
        };
    }

    /// <summary>The predicted class's probability beside whether it is the true one.</summary>
    private static ScoreRanking Confidence(ClassScores rows)
    {
        var (scores, labels) = (new float[rows.Rows], new float[rows.Rows]);
        for (var row = 0; row < scores.Length; row++)
        {
            (scores[row], labels[row]) = (rows.Score(row, rows.Predicted[row]), rows.Predicted[row] == rows.Labels[row] ? 1 : 0);
        }

        return new ScoreRanking(scores, labels, oneClass: true);
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
