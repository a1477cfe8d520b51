using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>Of several classes: the factor of all margins with the least log-loss on rows that the predicting models did not see.</summary>
internal static class TemperatureScaling
{
    // Beyond these a model knows nothing, or its few errors are an accident.
    private const double LeastFactor = 0.05;
    private const double MostFactor = 20;

    /// <returns>The calibration; null where none is wanted, or it gains nothing in cross-validation.</returns>
    public static Calibration? Choose(OutOfFold unseen, int width, CalibrationChoice choice)
    {
        if (choice == CalibrationChoice.None) return null;
        var before = ClassProbabilities.LogLoss(unseen.Margins, width, unseen.Labels, 1);
        var after = CrossValidated(unseen, width);
        if (choice == CalibrationChoice.Auto && after > before * (1 - Calibrator.LeastGain)) return null;
        return new Calibration(CalibrationMethod.Temperature, 0, (float)Fit(unseen.Margins, width, unseen.Labels), [], after, before);
    }

    /// <summary>The log-loss is convex in the factor, so halving an interval by the golden ratio finds its least.</summary>
    internal static double Fit(float[] margins, int width, float[] labels)
    {
        const double golden = 0.618033988749895;
        const int steps = 48;
        var (low, high) = (LeastFactor, MostFactor);
        var (left, right) = (high - (golden * (high - low)), low + (golden * (high - low)));
        var (leftLoss, rightLoss) = (Loss(left), Loss(right));
        for (var step = 0; step < steps; step++)
        {
            if (leftLoss <= rightLoss)
            {
                (high, right, rightLoss) = (right, left, leftLoss);
                left = high - (golden * (high - low));
                leftLoss = Loss(left);
            }
            else
            {
                (low, left, leftLoss) = (left, right, rightLoss);
                right = low + (golden * (high - low));
                rightLoss = Loss(right);
            }
        }

        return (low + high) / 2;

        double Loss(double factor) => ClassProbabilities.LogLoss(margins, width, labels, factor);
    }

    private static double CrossValidated(OutOfFold unseen, int width)
    {
        var rows = Enumerable.Range(0, unseen.Labels.Length).ToArray();

        // With a single fold there is nothing to hold out but every other row.
        var part = unseen.FoldCount > 1 ? unseen.Folds : [.. rows.Select(r => r % 2)];
        var loss = 0.0;
        foreach (var fold in part.Distinct().Order())
        {
            var (others, othersLabels) = Take(unseen, width, [.. rows.Where(r => part[r] != fold)]);
            var (held, heldLabels) = Take(unseen, width, [.. rows.Where(r => part[r] == fold)]);
            loss += heldLabels.Length * ClassProbabilities.LogLoss(held, width, heldLabels, Fit(others, width, othersLabels));
        }

        return loss / rows.Length;
    }

    private static (float[] Margins, float[] Labels) Take(OutOfFold unseen, int width, int[] rows) =>
        ([.. rows.SelectMany(r => unseen.Margins.AsSpan(r * width, width).ToArray())], [.. rows.Select(r => unseen.Labels[r])]);
}
