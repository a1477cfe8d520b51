using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Definitions;

/// <param name="Trials">How many hyperparameter sets are tried. <value>Default 20, 1 to 200.</value></param>
/// <param name="Metric">The metric the best trial is chosen by, by its name in metrics.json. <value>Default by the task: roc-auc, log-loss, rmse.</value></param>
/// <param name="Timeout">How long all trials together may take. <value>Default 10 minutes, 10 seconds to 24 hours.</value></param>
/// <param name="Seed">Seed of all that is random in a run. <value>Default 17.</value></param>
/// <param name="Folds">Into how many parts cross-validation cuts the training rows. <value>Default 5, 2 to 10.</value></param>
/// <param name="Search">Whether hopeless trials are stopped early. <value>Default halving; exhaustive in runs that began before there was a choice.</value></param>
public sealed record TrainingPolicy(
    int Trials, string Metric, TimeSpan Timeout, int Seed, int Folds = TrainingPolicy.UsualFolds, TrialSearch Search = TrialSearch.Exhaustive)
{
    public const int LeastTrials = 1;
    public const int MostTrials = 200;
    public const int UsualFolds = 5;
    public const int LeastFolds = 2;
    public const int MostFolds = 10;
    public const int MostBlended = 10;
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    /// <summary>What wrong predictions cost; null where the definition does not say.</summary>
    public CostPolicy? Cost { get; init; }

    /// <summary>How much a row of each class counts; null where all rows count the same, as is the default.</summary>
    public ClassWeights? Weights { get; init; }

    /// <summary>How probabilities are calibrated. <value>Default auto; none in runs that began before there was a choice.</value></summary>
    public CalibrationChoice Calibration { get; init; }

    /// <summary>Of how many trials at most the model is the mean; of more than one also the baseline as far as that helps. <value>Default 5, 1 to 10; 1 in runs that began before there was a choice.</value></summary>
    public int Blend { get; init; } = 1;

    /// <summary>How rows are held out and cut into folds; null where by chance, as is the default.</summary>
    public SplitPolicy? Split { get; init; }

    public static TrainingPolicy Default { get; } = new(20, MetricNames.RocAuc, TimeSpan.FromMinutes(10), 17, UsualFolds, TrialSearch.Halving)
    {
        Calibration = CalibrationChoice.Auto,
        Blend = 5,
    };

    /// <summary>What a definition of a task has where it says nothing.</summary>
    public static TrainingPolicy DefaultFor(LearningTask task) =>
        Default with { Metric = MetricNames.For(task).Default, Calibration = task == LearningTask.Regression ? CalibrationChoice.None : CalibrationChoice.Auto };
}

/// <summary>How far each trial is taken.</summary>
public enum TrialSearch
{
    /// <summary>Through all folds.</summary>
    Exhaustive,

    /// <summary>Through one fold, then the better two thirds through more of them, and the better two thirds of these through all.</summary>
    Halving,
}

/// <summary>How a model's probabilities are calibrated, on predictions for rows that the predicting model did not see.</summary>
public enum CalibrationChoice
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By the method with the least cross-validated log-loss; not at all where none is better than the learner's own.</summary>
    Auto,

    /// <summary>By a line in log-odds.</summary>
    Platt,

    /// <summary>By a curve that rises.</summary>
    Isotonic,

    /// <summary>Of several classes: all margins by one factor.</summary>
    Temperature,
}
