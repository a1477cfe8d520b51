using Serverless.Platform.Datasets;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>
/// Cross-validates one set of hyperparameters: all folds are boosted in step, and the round with the best mean score wins.
/// The result is the same to the last bit for the same input, however many trials run beside it.
/// </summary>
public static class TrialRunner
{
    /// <summary>The most boosting rounds of a model.</summary>
    public const int MostRounds = 500;

    /// <summary>Boosting stops after this many rounds without a better mean score.</summary>
    public const int Patience = 25;

    /// <summary>By what share of itself the mean score has to improve to count: less is noise that would be paid for with trees to score with.</summary>
    public const double LeastGain = 3e-4;

    /// <param name="train">The rows to learn from and to validate on. They must meet <see cref="TrainingRequirements"/>.</param>
    /// <param name="parameters">What to try.</param>
    /// <param name="metric">The metric to stop by and to report; one of <see cref="MetricNames.All"/>.</param>
    /// <param name="seed">The run's seed; all trials of a run share the folds it gives.</param>
    /// <param name="cancellationToken">Checked before every boosting round of every fold.</param>
    /// <exception cref="InvalidOperationException">No fold holds out rows of both classes and leaves rows of both to learn from.</exception>
    public static TrialResult Run(LabeledTable train, TrialParameters parameters, string metric, int seed, CancellationToken cancellationToken)
    {
        var higherIsBetter = MetricNames.IsHigherBetter(metric);
        var matrix = FeatureEncoding.Learn(train.Features).Encode(train.Features);
        var folds = new List<Fold>();
        try
        {
            foreach (var heldOut in CrossValidationFolds.HeldOut(train.RowHashes, seed))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Fold.TryCreate(matrix, train.Labels, heldOut, parameters, seed) is { } fold) folds.Add(fold);
            }

            if (folds.Count == 0)
            {
                throw new InvalidOperationException(
                    $"None of the folds of {train.RowCount} rows has both classes on both sides, so no metric can be computed. Bring more rows of the rarer class.");
            }

            var (rounds, scores) = BoostToBest(folds, metric, higherIsBetter, cancellationToken);
            var threshold = new ScoreRanking([.. folds.SelectMany(f => f.BestPredictions)], [.. folds.SelectMany(f => f.Labels)]).SeparatingThreshold();
            return new TrialResult(parameters.Trial, parameters, rounds, scores.Average(), SampleDeviation(scores), threshold);
        }
        finally
        {
            folds.ForEach(f => f.Dispose());
        }
    }

    private static (int Rounds, double[] Scores) BoostToBest(List<Fold> folds, string metric, bool higherIsBetter, CancellationToken cancellationToken)
    {
        var best = (Rounds: 0, Scores: Array.Empty<double>(), Mean: 0.0);
        for (var round = 0; round < MostRounds && round - best.Rounds < Patience; round++)
        {
            var scores = new double[folds.Count];
            for (var f = 0; f < scores.Length; f++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                scores[f] = folds[f].Boost(round, metric);
            }

            var mean = scores.Average();
            var gain = higherIsBetter ? mean - best.Mean : best.Mean - mean;
            if (best.Rounds > 0 && gain <= LeastGain * best.Mean) continue;
            best = (round + 1, scores, mean);
            folds.ForEach(f => f.KeepPredictions());
        }

        return (best.Rounds, best.Scores);
    }

    private static double SampleDeviation(double[] values)
    {
        if (values.Length < 2) return 0;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    private sealed class Fold : IDisposable
    {
        private readonly DMatrix train;
        private readonly DMatrix heldOut;
        private readonly Booster booster;
        private float[] predictions = [];

        private Fold(DMatrix train, DMatrix heldOut, Booster booster, float[] labels)
        {
            this.train = train;
            this.heldOut = heldOut;
            this.booster = booster;
            Labels = labels;
        }

        public float[] Labels { get; }

        public float[] BestPredictions { get; private set; } = [];

        /// <returns>Null if either side has one class only.</returns>
        public static Fold? TryCreate(DenseMatrix matrix, float[] labels, int[] heldOutRows, TrialParameters parameters, int seed)
        {
            var isHeldOut = new bool[matrix.Rows];
            Array.ForEach(heldOutRows, r => isHeldOut[r] = true);
            int[] trainRows = [.. Enumerable.Range(0, matrix.Rows).Where(r => !isHeldOut[r])];
            float[] trainLabels = [.. trainRows.Select(r => labels[r])];
            float[] heldOutLabels = [.. heldOutRows.Select(r => labels[r])];
            if (trainLabels.Distinct().Count() < 2 || heldOutLabels.Distinct().Count() < 2) return null;

            DMatrix? train = null;
            DMatrix? heldOut = null;
            try
            {
                train = DMatrix.Of(matrix.Take(trainRows), trainLabels);
                heldOut = DMatrix.Of(matrix.Take(heldOutRows));
                return new Fold(train, heldOut, Booster.ToTrain(train, parameters.ToBooster(seed)), heldOutLabels);
            }
            catch
            {
                heldOut?.Dispose();
                train?.Dispose();
                throw;
            }
        }

        /// <returns>The metric on the held-out rows after this round.</returns>
        public double Boost(int round, string metric)
        {
            booster.Boost(round, train);
            predictions = booster.Predict(heldOut);
            return new ScoreRanking(predictions, Labels).Measure()[metric];
        }

        public void KeepPredictions() => BestPredictions = predictions;

        public void Dispose()
        {
            booster.Dispose();
            heldOut.Dispose();
            train.Dispose();
        }
    }
}
