namespace Serverless.Platform.Evaluation;

/// <summary>
/// Scores and labels sorted once, the highest score first, so that the metrics of any weighting of the rows take one pass.
/// Rows of one score are one point of every curve: their order never matters.
/// </summary>
internal sealed class ScoreRanking : TaskScores
{
    // The resolution of a float near 1: a certain but wrong prediction costs about 16 nats, not infinity.
    internal const double LeastProbability = 1.1920929e-7;

    private readonly float[] scores;
    private readonly bool[] positive;
    private readonly double[] logLoss;
    private readonly double[] squaredError;

    /// <param name="scores">Probabilities of the positive class.</param>
    /// <param name="labels">1 or 0 for each score.</param>
    /// <param name="oneClass">Whether rows may be of one class only: then there is calibration to look at, but no metric.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is outside [0, 1], a label is neither 0 nor 1, or there is one class only.</exception>
    public ScoreRanking(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, bool oneClass = false)
    {
        if (scores.Length != labels.Length)
        {
            throw new ArgumentException($"Found {scores.Length} scores for {labels.Length} labels; expected one for each.", nameof(scores));
        }

        this.scores = scores.ToArray();
        positive = new bool[scores.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            if (!(scores[row] is >= 0 and <= 1)) throw new ArgumentException($"Found score {scores[row]} in row {row}; expected 0 to 1.", nameof(scores));
            if (labels[row] is not (0 or 1)) throw new ArgumentException($"Found label {labels[row]} in row {row}; expected 0 or 1.", nameof(labels));
            positive[row] = labels[row] == 1;
        }

        Positives = positive.AsSpan().Count(true);
        if (!oneClass && (Positives == 0 || Negatives == 0))
        {
            throw new ArgumentException($"Found {Positives} positive and {Negatives} negative rows; expected both classes.", nameof(labels));
        }

        Array.Sort(this.scores, positive);
        Array.Reverse(this.scores);
        Array.Reverse(positive);
        logLoss = new double[scores.Length];
        squaredError = new double[scores.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            var assigned = positive[row] ? this.scores[row] : 1.0 - this.scores[row];
            logLoss[row] = -Math.Log(Math.Clamp(assigned, LeastProbability, 1 - LeastProbability));
            squaredError[row] = (1 - assigned) * (1 - assigned);
        }
    }

    public override int Rows => positive.Length;

    /// <summary>The places of the positives, and those of the negatives.</summary>
    public override IReadOnlyList<int[]> Strata => [Places(true), Places(false)];

    public int Positives { get; }

    public int Negatives => Rows - Positives;

    /// <summary>Whether the rows are positive, in the order of the ranking.</summary>
    public ReadOnlySpan<bool> Positive => positive;

    /// <summary>The scores, the highest first.</summary>
    public ReadOnlySpan<float> Scores => scores;

    /// <inheritdoc/>
    public override double[] Measure(IReadOnlyList<string> metrics, ReadOnlySpan<int> weights)
    {
        var measured = Measure(weights);
        return [.. metrics.Select(m => measured[m])];
    }

    /// <summary>The metrics of all rows.</summary>
    public MetricValues Measure()
    {
        var ones = new int[Rows];
        Array.Fill(ones, 1);
        return Measure(ones);
    }

    /// <summary>
    /// The metrics with each row counted as often as its weight says. Both classes must keep weight.
    /// <list type="bullet">
    /// <item>ROC AUC: the chance that a positive scores above a negative, a tie counting half. Hanley, McNeil, Radiology 143, 1982.</item>
    /// <item>PR AUC: average precision, Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores, not interpolated. Boyd, Eng, Page, ECML PKDD 2013.</item>
    /// <item>Log loss: −mean ln p of the class that came true, p kept 2⁻²³ away from 0 and 1. Good, J. R. Stat. Soc. B 14, 1952.</item>
    /// <item>Brier: mean (p − y)². Brier, Monthly Weather Review 78, 1950 (the form for two classes, half of the original).</item>
    /// <item>KS: max |TPR − FPR| over the distinct scores: the two-sample statistic. Smirnov, Ann. Math. Stat. 19, 1948.</item>
    /// </list>
    /// </summary>
    /// <param name="weights">One per row, in the order of the ranking.</param>
    public MetricValues Measure(ReadOnlySpan<int> weights)
    {
        long positives = 0, total = 0;
        double loss = 0, error = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            total += weights[row];
            positives += positive[row] ? weights[row] : 0;
            loss += weights[row] * logLoss[row];
            error += weights[row] * squaredError[row];
        }

        var negatives = total - positives;
        long truePositives = 0, falsePositives = 0;
        double wins = 0, precision = 0, distance = 0;
        for (var row = 0; row < weights.Length;)
        {
            long groupPositives = 0, groupNegatives = 0;
            var score = scores[row];
            for (; row < weights.Length && scores[row] == score; row++)
            {
                if (positive[row]) groupPositives += weights[row];
                else groupNegatives += weights[row];
            }

            if (groupPositives + groupNegatives == 0) continue;
            wins += groupNegatives * (truePositives + (0.5 * groupPositives));
            truePositives += groupPositives;
            falsePositives += groupNegatives;
            precision += groupPositives * ((double)truePositives / (truePositives + falsePositives));
            distance = Math.Max(distance, Math.Abs(((double)truePositives / positives) - ((double)falsePositives / negatives)));
        }

        return new MetricValues(wins / ((double)positives * negatives), precision / positives, loss / total, error / total, distance);
    }

    /// <summary>
    /// The threshold with the greatest TPR − FPR when scores at or above it are called positive (Youden, Cancer 3, 1950), halfway to the
    /// next lower score so that rounding cannot move a row across; of equals the highest.
    /// </summary>
    public double SeparatingThreshold()
    {
        long truePositives = 0, falsePositives = 0;
        var (best, threshold) = (double.NegativeInfinity, 0.5);
        for (var row = 0; row < Rows; row++)
        {
            if (positive[row]) truePositives++;
            else falsePositives++;
            if (row + 1 < Rows && scores[row + 1] == scores[row]) continue;

            var distance = ((double)truePositives / Positives) - ((double)falsePositives / Negatives);
            if (distance <= best) continue;
            best = distance;
            threshold = row + 1 < Rows ? (scores[row] + (double)scores[row + 1]) / 2 : scores[row];
        }

        return threshold;
    }

    private int[] Places(bool ofPositives) => [.. Enumerable.Range(0, Rows).Where(place => positive[place] == ofPositives)];
}
