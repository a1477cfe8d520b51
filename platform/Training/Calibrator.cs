using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>Fits a calibration to out-of-fold predictions; which method, if any, is decided by their cross-validated log-loss.</summary>
internal static class Calibrator
{
    /// <summary>By what share of itself the log-loss has to fall for a calibration to be worth its place in the graph.</summary>
    public const double LeastGain = 1e-3;

    /// <summary>The fewest rows of a group for isotonic regression.</summary>
    public const int LeastGroup = 50;

    /// <summary>The most groups.</summary>
    public const int MostGroups = 30;

    /// <returns>The calibration; null where none is wanted, or none is better than the learner's own probabilities.</returns>
    public static Calibration? Choose(OutOfFold unseen, CalibrationChoice choice)
    {
        if (choice == CalibrationChoice.None) return null;
        var before = LogLoss(unseen.Margins, unseen.Labels, m => Calibration.Logistic(m));
        CalibrationMethod[] methods = choice switch
        {
            CalibrationChoice.Platt => [CalibrationMethod.Platt],
            CalibrationChoice.Isotonic => [CalibrationMethod.Isotonic],
            _ => [CalibrationMethod.Platt, CalibrationMethod.Isotonic],
        };
        var best = methods.Select(method => (Method: method, Loss: CrossValidated(unseen, method))).OrderBy(m => m.Loss).ThenBy(m => m.Method).First();
        if (choice == CalibrationChoice.Auto && best.Loss > before * (1 - LeastGain)) return null;
        return Fit(unseen.Margins, unseen.Labels, best.Method) is { } fitted ? fitted with { LogLoss = best.Loss, LogLossBefore = before } : null;
    }

    private static double CrossValidated(OutOfFold unseen, CalibrationMethod method)
    {
        var rows = Enumerable.Range(0, unseen.Labels.Length).ToArray();

        // With a single fold there is nothing to hold out but every other row.
        var part = unseen.FoldCount > 1 ? unseen.Folds : [.. rows.Select(r => r % 2)];
        var loss = 0.0;
        foreach (var fold in part.Distinct().Order())
        {
            var others = rows.Where(r => part[r] != fold).ToArray();
            var held = rows.Where(r => part[r] == fold).ToArray();
            var fitted = Fit(Take(unseen.Margins, others), Take(unseen.Labels, others), method);
            loss += held.Length * LogLoss(Take(unseen.Margins, held), Take(unseen.Labels, held), m => fitted?.Probability(m) ?? Calibration.Logistic(m));
        }

        return loss / rows.Length;
    }

    /// <returns>Null where the scores do not rise with the labels, so that there is nothing to calibrate.</returns>
    private static Calibration? Fit(float[] margins, float[] labels, CalibrationMethod method) =>
        method == CalibrationMethod.Platt ? PlattScaling.Fit(margins, labels) : IsotonicScaling.Fit(margins, labels);

    private static double LogLoss(float[] margins, float[] labels, Func<float, float> probability)
    {
        const double Least = 1.1920929e-7;
        var sum = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var p = Math.Clamp(probability(margins[row]), Least, 1 - Least);
            sum -= Math.Log(labels[row] == 1 ? p : 1 - p);
        }

        return sum / labels.Length;
    }

    private static float[] Take(float[] values, int[] rows) => [.. rows.Select(r => values[r])];
}
