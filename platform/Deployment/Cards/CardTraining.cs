using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>What a version is and how it was trained, as pairs for the page and the text alike.</summary>
internal static class CardTraining
{
    public static IEnumerable<(string Name, string Value)> Facts(CardContent card)
    {
        var lineage = card.Lineage;
        yield return ("split", Split(card));
        if (card.SensitiveInputs is { } sensitive) yield return ("sensitive columns", sensitive);
        yield return ("search", CardSearchText.BestOf(card));
        yield return ("model", Model(card));
        if (card.Signature.Task != LearningTask.Regression)
        {
            yield return ("class weights", Weights(card, lineage.Definition.Training.Weights));
            yield return ("calibration", Calibrated(card));
        }

        if (card.Metrics.Confusion is not null) yield return ("threshold", CardThreshold.Rule(card));
        if (lineage.Trial is not { } trial) yield break;
        var (best, parameters) = card.IsLinear ? ("best trial of trees, not the model", "that trial's parameters") : ("best trial", "its parameters");
        var seen = card.Trials?.Trials.FirstOrDefault(t => t.Trial == trial.Trial)?.FoldScores.Count;
        yield return (best, $"{trial.Trial}: {Over(seen, trial.Score, trial.StandardDeviation)}{(seen == 1 ? "" : " it saw")}, {trial.Rounds} rounds");
        yield return (parameters, string.Join(", ", Settings(trial.Parameters)));
        foreach (var other in lineage.Blended?.Skip(1) ?? [])
        {
            yield return ($"trial {other.Trial}, in the model", $"{CardText.Figure(other.Score)}, {other.Rounds} rounds; {string.Join(", ", Settings(other.Parameters))}");
        }
    }

    private static string Split(CardContent card)
    {
        var held = card.Dataset is { } dataset ? HeldOutSplit.Describe(dataset) : "Of the dataset no manifest is kept any more.";
        return held + (card.Lineage.Definition.Training.Split switch
        {
            { By: SplitKind.Time } => " Each fold is predicted from the time before it.",
            { By: SplitKind.Group, Column: var column } => $" No '{column}' is in two folds.",
            _ => "",
        });
    }

    private static string Model(CardContent card) => card.Lineage switch
    {
        { Baseline: { } linear } => $"{card.BaselineName}, penalty {linear.Lambda.ToString("G3", CultureInfo.InvariantCulture)} per row: "
            + $"{Over(linear.FoldScores.Count, linear.Score, linear.StandardDeviation)}, {(card.Untried is null ? "at least as good as what has trees" : "the only learner that was done in time")}",
        { Linear: { } part } => $"the weighted mean, in {card.MarginUnit}, of {CardText.Given((1 - part.Share) * 100)}% {Trees(card)}, "
            + $"and {CardText.Given(part.Share * 100)}% {card.BaselineName}, penalty {part.Lambda.ToString("G3", CultureInfo.InvariantCulture)} per row{Folds(card)}",
        _ => Trees(card) + Folds(card),
    };

    private static string Trees(CardContent card) => card.Lineage.Blended is { Count: > 1 } blended
        ? $"the mean of {blended.Count} models of gradient-boosted trees, with the parameters of trials {string.Join(", ", blended.Select(t => t.Trial))}"
        : "gradient-boosted trees, with the parameters of the best trial";

    private static string Folds(CardContent card) => card.Trials is { BlendFoldScores: { } folds }
        ? $": {Over(folds.Count, folds.Average(), SampleMean.DeviationOf([.. folds]))}"
        : card.Lineage.Blended is { Count: > 1 } ? "; the figures over the folds are of the best trial alone" : "";

    /// <summary>A score in cross-validation, with its deviation where there is one: that of one fold, or one that an older release did not keep, is 0.</summary>
    private static string Over(int? folds, double score, double deviation) => folds == 1
        ? $"{CardText.Figure(score)} on its one fold"
        : $"{CardText.Figure(score)}{(deviation > 0 ? $" ± {CardText.Figure(deviation)}" : "")} over the folds";

    private static string Weights(CardContent card, ClassWeights? weights) => weights switch
    {
        null => "none: all rows count the same",
        { ByClass: { } byClass } => $"{Listed(byClass.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"'{c.Key}' {CardText.Given(c.Value)}"))}; rows of other classes count 1",
        { Positive: { } positive, Negative: { } negative } =>
            $"{{positive: {CardText.Given(positive)}, negative: {CardText.Given(negative)}}}: in training a '{card.Positive}' row counts {CardText.Given(positive)}, any other {CardText.Given(negative)}",
        _ => "balanced: in training rows count so much that all classes count the same in sum",
    }
    + (weights is not null && card.Signature.Calibration is null ? "; the scores are not calibrated, so they are those of rows so weighted, and no probabilities of the rows as they are" : "");

    private static string Calibrated(CardContent card) => card.Signature.Calibration is not { } calibration
        ? card.Lineage.Definition.Training.Calibration == CalibrationChoice.None
            ? "none"
            : $"none: no method lowers the cross-validated log-loss (training.calibration: {card.Lineage.Definition.Training.Calibration.ToString().ToLowerInvariant()})"
        : calibration.Method switch
        {
            CalibrationMethod.Platt => "Platt's line in log-odds",
            CalibrationMethod.Isotonic => "isotonic regression",
            _ => "temperature scaling",
        }
        + $", fitted on out-of-fold predictions: cross-validated log-loss {CardText.Figure(calibration.LogLoss)}, without it {CardText.Figure(calibration.LogLossBefore)}";

    private static IEnumerable<string> Settings(TrialParameters parameters) =>
        new (string Name, double Value)[]
        {
            ("learning rate", parameters.LearningRate), ("depth", parameters.MaxDepth), ("least child weight", parameters.MinChildWeight),
            ("share of rows", parameters.Subsample), ("share of columns", parameters.ColumnSample),
            ("lambda", parameters.Lambda), ("alpha", parameters.Alpha), ("gamma", parameters.Gamma),
        }.Select(s => $"{s.Name} {s.Value.ToString("G3", CultureInfo.InvariantCulture)}");

    private static string Listed(IEnumerable<string> texts) => string.Join(", ", texts);
}
