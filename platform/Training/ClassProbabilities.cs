namespace Serverless.Platform.Training;

/// <summary>Margins of several classes, row by row, as probabilities.</summary>
internal static class ClassProbabilities
{
    /// <param name="margins">Row-major, <paramref name="width"/> for each row.</param>
    /// <param name="width">How many classes.</param>
    /// <param name="factor">What margins are multiplied by first.</param>
    public static float[] Of(float[] margins, int width, float factor = 1)
    {
        var probabilities = new float[margins.Length];
        for (var from = 0; from < margins.Length; from += width)
        {
            var row = margins.AsSpan(from, width);
            var greatest = factor * row[0];
            foreach (var margin in row) greatest = Math.Max(greatest, factor * margin);
            var sum = 0.0;
            for (var c = 0; c < width; c++) sum += Math.Exp((factor * row[c]) - greatest);
            for (var c = 0; c < width; c++) probabilities[from + c] = (float)(Math.Exp((factor * row[c]) - greatest) / sum);
        }

        return probabilities;
    }

    /// <summary>The mean negative log-likelihood of the labels, in nats.</summary>
    public static double LogLoss(float[] margins, int width, float[] labels, double factor)
    {
        var loss = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var of = margins.AsSpan(row * width, width);
            var greatest = double.NegativeInfinity;
            foreach (var margin in of) greatest = Math.Max(greatest, factor * margin);
            var sum = 0.0;
            foreach (var margin in of) sum += Math.Exp((factor * margin) - greatest);
            loss += greatest + Math.Log(sum) - (factor * of[(int)labels[row]]);
        }

        return loss / labels.Length;
    }
}
