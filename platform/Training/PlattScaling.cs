namespace Serverless.Platform.Training;

/// <summary>
/// Logistic regression of the label on the log-odds, by Newton's method, with the targets drawn in a little from 0 and 1 as Platt does.
/// Lin, Lin, Weng: A note on Platt's probabilistic outputs for support vector machines, Machine Learning 68, 2007.
/// </summary>
internal static class PlattScaling
{
    private const int MostSteps = 50;

    public static Calibration? Fit(float[] margins, float[] labels)
    {
        var positives = labels.Count(l => l == 1);
        var (high, low) = ((positives + 1.0) / (positives + 2.0), 1.0 / (labels.Length - positives + 2.0));
        double slope = 1, intercept = 0;
        var loss = Loss(slope, intercept);
        for (var step = 0; step < MostSteps; step++)
        {
            double gradientSlope = 0, gradientIntercept = 0, h11 = 1e-12, h12 = 0, h22 = 1e-12;
            for (var row = 0; row < margins.Length; row++)
            {
                var p = 1 / (1 + Math.Exp(-((slope * margins[row]) + intercept)));
                var error = p - (labels[row] == 1 ? high : low);
                var weight = p * (1 - p);
                gradientSlope += error * margins[row];
                gradientIntercept += error;
                h11 += weight * margins[row] * margins[row];
                h12 += weight * margins[row];
                h22 += weight;
            }

            var determinant = (h11 * h22) - (h12 * h12);
            if (determinant <= 0) break;
            var moveSlope = -((h22 * gradientSlope) - (h12 * gradientIntercept)) / determinant;
            var moveIntercept = -((h11 * gradientIntercept) - (h12 * gradientSlope)) / determinant;
            var share = 1.0;
            var next = Loss(slope + moveSlope, intercept + moveIntercept);
            while (next > loss && share > 1e-6)
            {
                share /= 2;
                next = Loss(slope + (share * moveSlope), intercept + (share * moveIntercept));
            }

            if (next >= loss) break;
            slope += share * moveSlope;
            intercept += share * moveIntercept;
            var gain = loss - next;
            loss = next;
            if (gain < 1e-10 * margins.Length) break;
        }

        return slope > 0 && double.IsFinite(slope) && double.IsFinite(intercept)
            ? new Calibration(CalibrationMethod.Platt, (float)intercept, (float)slope, [], 0, 0)
            : null;

        double Loss(double a, double b)
        {
            var sum = 0.0;
            for (var row = 0; row < margins.Length; row++)
            {
                var m = (a * margins[row]) + b;
                var target = labels[row] == 1 ? high : low;

                // ln(1 + e^m) − t·m, written so that no exponent overflows.
                sum += Math.Max(m, 0) + Math.Log(1 + Math.Exp(-Math.Abs(m))) - (target * m);
            }

            return sum;
        }
    }
}
