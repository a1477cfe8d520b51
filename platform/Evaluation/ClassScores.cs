using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>Probabilities of several classes beside the class that came true.</summary>
internal sealed class ClassScores : TaskScores
{
    private readonly float[] scores;
    private readonly int[] labels;
    private readonly int[] predicted;
    private readonly double[] logLoss;
    private readonly double[] squaredError;
    private int[][]? strata;
    private ClassRanking[]? rankings;

    /// <param name="scores">Row by row the probability of each class.</param>
    /// <param name="width">How many classes.</param>
    /// <param name="labels">The number of each row's class, from 0.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, a score is outside [0, 1], a label names no class, or there is one class only.</exception>
    public ClassScores(ReadOnlySpan<float> scores, int width, ReadOnlySpan<float> labels)
    {
        if (width < 2 || scores.Length != (long)labels.Length * width)
        {
            throw new ArgumentException(
                $"Found {scores.Length} scores for {labels.Length} labels of {width} classes; expected one for each class of each row.", nameof(scores));
        }

        Width = width;
        this.scores = scores.ToArray();
        this.labels = new int[labels.Length];
        predicted = new int[labels.Length];
        logLoss = new double[labels.Length];
        squaredError = new double[labels.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            if (!(labels[row] >= 0 && labels[row] < width && labels[row] == MathF.Truncate(labels[row])))
            {
                throw new ArgumentException($"Found label {labels[row]} in row {row}; expected a class number from 0 to {width - 1}.", nameof(labels));
            }

            this.labels[row] = (int)labels[row];
            Take(row, scores.Slice(row * width, width));
        }

        if (labels.Length == 0 || !labels.ContainsAnyExcept(labels[0]))
        {
            throw new ArgumentException($"Found {labels.Length} rows of one class; expected rows of at least two.", nameof(labels));
        }
    }

    public int Width { get; }

    public override int Rows => labels.Length;

    public override IReadOnlyList<int[]> Strata =>
        strata ??= [.. Enumerable.Range(0, labels.Length).GroupBy(r => labels[r]).OrderBy(g => g.Key).Select(g => g.ToArray())];

    public override int Passes => Width;

    /// <summary>The number of each row's class.</summary>
    public ReadOnlySpan<int> Labels => labels;

    /// <summary>The number of the class with the greatest probability; of equals the first.</summary>
    public ReadOnlySpan<int> Predicted => predicted;

    /// <summary>Each row's own part of the log loss.</summary>
    public ReadOnlySpan<double> LogLoss => logLoss;

    public float Score(int row, int @class) => scores[(row * Width) + @class];

    /// <summary>
    /// <list type="bullet">
    /// <item>Log loss: −mean ln p of the class that came true, p kept 2⁻²³ away from 0 and 1.</item>
    /// <item>Accuracy: the share of rows whose class has the greatest probability.</item>
    /// <item>Balanced accuracy: the mean over the classes of the share of their rows predicted so. Brodersen et al., ICPR 2010.</item>
    /// <item>Macro F1: the mean over the classes, those neither there nor predicted left out, of 2 TP / (2 TP + FP + FN). Opitz, Burst, arXiv:1911.03347.</item>
    /// <item>ROC AUC: the mean over the classes of each against all others. Provost, Domingos, CeDER IS-00-04, 2000, unweighted.</item>
    /// <item>Brier: mean Σ (p − y)² over the classes, 0 to 2. Brier, Monthly Weather Review 78, 1950.</item>
    /// </list>
    /// </summary>
    public override double[] Measure(IReadOnlyList<string> metrics, ReadOnlySpan<int> weights)
    {
        var (rows, right, found) = (new long[Width], new long[Width], new long[Width]);
        double loss = 0, error = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            rows[labels[row]] += weights[row];
            found[predicted[row]] += weights[row];
            right[labels[row]] += predicted[row] == labels[row] ? weights[row] : 0;
            loss += weights[row] * logLoss[row];
            error += weights[row] * squaredError[row];
        }

        var total = rows.Sum();
        var values = new double[metrics.Count];
        for (var m = 0; m < values.Length; m++)
        {
            values[m] = metrics[m] switch
            {
                MetricNames.LogLoss => loss / total,
                MetricNames.Accuracy => (double)right.Sum() / total,
                MetricNames.BalancedAccuracy => Classes(rows).Average(c => (double)right[c] / rows[c]),
                MetricNames.MacroF1 => Classes([.. rows.Zip(found, (a, b) => a + b)]).Average(c => 2.0 * right[c] / (rows[c] + found[c])),
                MetricNames.RocAuc => RocAuc(rows, total, weights),
                MetricNames.Brier => error / total,
                _ => throw NoSuchMetric(LearningTask.MulticlassClassification, metrics[m]),
            };
        }

        return values;
    }

    /// <summary>Those that have something.</summary>
    private static IEnumerable<int> Classes(long[] counts) => Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0);

    private double RocAuc(long[] rows, long total, ReadOnlySpan<int> weights)
    {
        rankings ??= [.. Enumerable.Range(0, Width).Select(c => new ClassRanking(this, c))];
        var (sum, classes) = (0.0, 0);
        foreach (var c in Classes(rows))
        {
            if (rows[c] == total) continue;
            sum += rankings[c].RocAuc(rows[c], total - rows[c], weights);
            classes++;
        }

        return sum / classes;
    }

    private void Take(int row, ReadOnlySpan<float> probabilities)
    {
        for (var c = 0; c < probabilities.Length; c++)
        {
            if (!(probabilities[c] is >= 0 and <= 1))
            {
                throw new ArgumentException($"Found score {probabilities[c]} in row {row}; expected 0 to 1.", nameof(probabilities));
            }

            if (probabilities[c] > probabilities[predicted[row]]) predicted[row] = c;
            var miss = (c == labels[row] ? 1.0 : 0.0) - probabilities[c];
            squaredError[row] += miss * miss;
        }

        logLoss[row] = -Math.Log(Math.Clamp(probabilities[labels[row]], ScoreRanking.LeastProbability, 1 - ScoreRanking.LeastProbability));
    }
}
