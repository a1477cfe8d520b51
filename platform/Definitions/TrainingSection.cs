using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Definitions;

/// <summary>Reads a definition's <c>training</c>.</summary>
internal static class TrainingSection
{
    private const string Exhaustive = "exhaustive";

    public static TrainingPolicy Read(SectionReader root, LearningTask task)
    {
        var usual = TrainingPolicy.DefaultFor(task);
        var section = root.Section("training", "{ trials: 12 }", "trials", "metric", "timeout", "seed", "folds", "search", "weights", "calibration", "cost", "split");
        return new TrainingPolicy(
            section.Integer("trials", usual.Trials, TrainingPolicy.LeastTrials, TrainingPolicy.MostTrials),
            section.OneOf("metric", MetricNames.For(task).All) ?? usual.Metric,
            section.Duration("timeout", usual.Timeout, TrainingPolicy.ShortestTimeout, TrainingPolicy.LongestTimeout),
            section.Integer("seed", usual.Seed, 0, int.MaxValue),
            section.Integer("folds", usual.Folds, TrainingPolicy.LeastFolds, TrainingPolicy.MostFolds),
            section.OneOf("search", ["halving", Exhaustive]) == Exhaustive ? TrialSearch.Exhaustive : usual.Search)
        {
            Split = SplitPolicy.Read(section),
            Cost = CostPolicy.Read(section),
            Weights = ClassWeights.Read(section),
            Calibration = section.OneOf("calibration", ["auto", "none", "platt", "isotonic"]) switch
            {
                "none" => CalibrationChoice.None,
                "platt" => CalibrationChoice.Platt,
                "isotonic" => CalibrationChoice.Isotonic,
                _ => usual.Calibration,
            },
        };
    }
}
