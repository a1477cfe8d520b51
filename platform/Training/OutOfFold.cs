using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>What a chosen learner predicts for training rows by models that did not see them.</summary>
/// <param name="Margins">The log-odds of the positive class; of several classes the margins of each, row by row; of a number the value.</param>
/// <param name="Labels">What is true.</param>
/// <param name="Folds">Which fold held the row out.</param>
internal sealed record OutOfFold(float[] Margins, float[] Labels, int[] Folds)
{
    /// <exception cref="InvalidOperationException">No fold can be measured on, as <see cref="CrossValidationFolds.Usable"/> has it.</exception>
    /// <param name="train">All training rows.</param>
    /// <param name="learners">For each learner the fits whose mean is taken, all of one kind; at least one.</param>
    /// <param name="policy">Folds, seed and weights.</param>
    /// <param name="cancellationToken">Checked before every boosting round.</param>
    /// <returns>What each learner predicts, in their order.</returns>
    public static OutOfFold[] Of(LabeledTable train, IReadOnlyList<IReadOnlyList<FitPlan>> learners, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        var folds = CrossValidationFolds.Usable(train, policy.Folds, policy.Seed);

        // Fold by fold, so that few folds' features are in memory at a time, and the fits of one share them.
        var fits = learners.Index().SelectMany(learner => folds.Index().SelectMany(fold => learner.Item.Select(plan => (Learner: learner.Index, Fold: fold.Index, Plan: plan)))).ToList();
        var margins = new float[fits.Count][];
        SideBySide.For(fits.Count, cancellationToken, fit =>
        {
            var (_, fold, plan) = fits[fit];
            margins[fit] = FoldRows.Use(train, folds, fold, plan.Kind, policy, rows => MarginsOf(rows, plan, cancellationToken));
        });
        float[] labels = [.. folds.SelectMany(f => f.Select(r => train.Labels[r]))];
        int[] foldOfRows = [.. folds.SelectMany((f, n) => f.Select(_ => n))];
        return
        [
            .. learners.Index().Select(learner => new OutOfFold(
                [.. fits.Zip(margins).Where(f => f.First.Learner == learner.Index).Select(f => f.Second).Chunk(learner.Item.Count).SelectMany(Mean)], labels, foldOfRows)),
        ];
    }

    public int FoldCount => Folds.Max() + 1;

    /// <summary>The weighted mean with another learner's predictions of the same rows.</summary>
    /// <param name="other">The other's.</param>
    /// <param name="share">How much of the mean these are, 0 to 1.</param>
    public OutOfFold MixedWith(OutOfFold other, double share) =>
        this with { Margins = [.. Margins.Zip(other.Margins, (mine, its) => (float)(((1 - share) * mine) + (share * its)))] };

    /// <summary>A metric of the predictions, not calibrated, on each fold.</summary>
    /// <param name="task">The kind of prediction.</param>
    /// <param name="metric">One of the task's metrics.</param>
    public double[] Scores(LearningTask task, string metric)
    {
        var width = Margins.Length / Labels.Length;
        var predicted = task switch
        {
            LearningTask.BinaryClassification => Array.ConvertAll(Margins, margin => (float)Calibration.Logistic(margin)),
            LearningTask.MulticlassClassification => ClassProbabilities.Of(Margins, width),
            _ => Margins,
        };
        return
        [
            .. Enumerable.Range(0, FoldCount).Select(fold =>
            {
                // The folds follow one another.
                var (from, count) = (Array.IndexOf(Folds, fold), Folds.Count(f => f == fold));
                return TaskMetrics.Value(task, metric, predicted.AsSpan(from * width, count * width), width, Labels.AsSpan(from, count));
            }),
        ];
    }

    private static float[] MarginsOf(FoldRows rows, FitPlan plan, CancellationToken cancellationToken)
    {
        using var fit = new FoldFit(rows, plan);
        fit.Boost(cancellationToken);
        return fit.PredictMargins();
    }

    private static float[] Mean(IReadOnlyList<float[]> blended) =>
        blended.Count == 1 ? blended[0] : [.. Enumerable.Range(0, blended[0].Length).Select(i => (float)blended.Average(margins => (double)margins[i]))];
}
