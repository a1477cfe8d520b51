using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Definitions;

/// <summary>Reads a definition's <c>training</c>.</summary>
internal static class TrainingSection
{
    private const string Exhaustive = "exhaustive";

    public static TrainingPolicy Read(SectionReader root, LearningTask task)
    {
        var usual = TrainingPolicy.DefaultFor(task);
        var section = root.Section(
            "training", "{ trials: 12 }", "trials", "metric", "timeout", "seed", "folds", "search", "blend", "weights", "calibration", "cost", "split");
        return new TrainingPolicy(
            section.Integer("trials", usual.Trials, TrainingPolicy.LeastTrials, TrainingPolicy.MostTrials),
            section.OneOf("metric", MetricNames.For(task).All) ?? usual.Metric,
            section.Duration("timeout", usual.Timeout, TrainingPolicy.ShortestTimeout, TrainingPolicy.LongestTimeout),
            section.Integer("seed", usual.Seed, 0, int.MaxValue),
            section.Integer("folds", usual.Folds, TrainingPolicy.LeastFolds, TrainingPolicy.MostFolds),
            section.OneOf("search", ["halving", Exhaustive]) == Exhaustive ? TrialSearch.Exhaustive : usual.Search)
        {
            Blend = section.Integer("blend", usual.Blend, 1, TrainingPolicy.MostBlended),
            Split = SplitPolicy.Read(section),
            Cost = Fits("cost", LearningTask.BinaryClassification) ? CostPolicy.Read(section) : null,
            Weights = Fits("weights", LearningTask.BinaryClassification, LearningTask.MulticlassClassification) ? ClassWeights.Read(section, task) : null,
            Calibration = Fits("calibration", LearningTask.BinaryClassification, LearningTask.MulticlassClassification)
                ? ReadCalibration(section, task) ?? usual.Calibration
                : usual.Calibration,
        };

        bool Fits(string key, params LearningTask[] tasks)
        {
            if (tasks.Contains(task)) return true;
            if (section.Has(key))
            {
                section.Refuse(
                    section.LineOf(key), $"training.{key} is given, but the task is {TargetSection.NameOf(task)}; it is for {string.Join(" and ", tasks.Select(TargetSection.NameOf))}.",
                    $"Remove {key}.");
            }

            return false;
        }
    }

    private static CalibrationChoice? ReadCalibration(SectionReader section, LearningTask task)
    {
        string[] methods = task == LearningTask.BinaryClassification ? ["auto", "none", "platt", "isotonic"] : ["auto", "none", "temperature"];
        return section.OneOf("calibration", methods) switch
        {
            "none" => CalibrationChoice.None,
            "platt" => CalibrationChoice.Platt,
            "isotonic" => CalibrationChoice.Isotonic,
            "temperature" => CalibrationChoice.Temperature,
            _ => null,
        };
    }
}
