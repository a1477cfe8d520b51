using Serverless.Platform.Training;

namespace Serverless.Platform.Evaluation;

/// <summary>How steady the model is from fold to fold: of the best trial, or of the mean of several where that was measured, or of the baseline where that became the model.</summary>
/// <param name="Metric">The training metric.</param>
/// <param name="Folds">Its value on each fold that was held out.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Their sample standard deviation; 0 with one fold.</param>
public sealed record FoldStability(string Metric, IReadOnlyList<double> Folds, double Mean, double StandardDeviation)
{
    /// <summary>By the record of the search; null when the chosen trial saw no fold.</summary>
    public static FoldStability? Of(TrialsReport search)
    {
        IReadOnlyList<double> folds = search is { Choice.Learner: LearnerKind.Linear, Baseline: { } baseline }
            ? baseline.FoldScores
            : search.BlendFoldScores ?? search.Trials.FirstOrDefault(t => t.Trial == search.Chosen)?.FoldScores ?? [];
        return folds.Count == 0 ? null : new FoldStability(search.Metric, folds, folds.Average(), SampleMean.DeviationOf([.. folds]));
    }
}
