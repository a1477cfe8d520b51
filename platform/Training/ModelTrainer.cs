using System.Security.Cryptography;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>A trained model in its two forms. The graph is what is deployed; the booster is kept to check it against and to explain it.</summary>
/// <param name="Booster">XGBoost's binary format (UBJSON).</param>
/// <param name="Onnx">The graph from raw columns to score.</param>
/// <param name="Signature">What the graph takes and gives.</param>
public sealed record TrainedModel(byte[] Booster, byte[] Onnx, ModelSignature Signature);

/// <summary>
/// Trains the chosen learner on all training rows. Its calibration and its threshold come from predictions for rows that the predicting model
/// did not see.
/// </summary>
public static class ModelTrainer
{
    /// <summary>The same input gives the same bytes.</summary>
    /// <param name="train">All training rows. They must meet <see cref="TrainingRequirements"/>.</param>
    /// <param name="definition">The model's definition: its name, target and training policy are used.</param>
    /// <param name="best">The trial whose parameters and rounds to take.</param>
    /// <param name="cancellationToken">Checked before every boosting round.</param>
    public static TrainedModel Fit(LabeledTable train, ModelDefinition definition, TrialResult best, CancellationToken cancellationToken) =>
        Fit(train, definition, FitPlan.Of(best.Parameters, best.Rounds, definition.Training.Seed), cancellationToken);

    /// <summary>The baseline as a model: logistic regression.</summary>
    /// <param name="train">All training rows.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="baseline">The baseline whose penalty to take.</param>
    /// <param name="cancellationToken">Checked before every pass over the weights.</param>
    public static TrainedModel Fit(LabeledTable train, ModelDefinition definition, BaselineResult baseline, CancellationToken cancellationToken) =>
        Fit(train, definition, FitPlan.Linear(baseline.Lambda), cancellationToken);

    private static TrainedModel Fit(LabeledTable train, ModelDefinition definition, FitPlan plan, CancellationToken cancellationToken)
    {
        var policy = definition.Training;
        var unseen = OutOfFold.Of(train, plan, policy, cancellationToken);
        var calibration = Calibrator.Choose(unseen, policy.Calibration);
        float[] scores = [.. unseen.Margins.Select(m => calibration?.Probability(m) ?? Calibration.Logistic(m))];
        var threshold = DecisionThreshold.Of(scores, unseen.Labels, policy.Cost);

        var (encoding, rows) = LearnerEncoding.Learn(train, plan.Kind);
        using var matrix = DMatrix.Of(rows, plan.Kind, train.Labels, policy.Weights?.For(train.Labels));
        using var booster = Booster.ToTrain(matrix, plan.Booster);
        for (var round = 0; round < plan.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Boost(round, matrix);
        }

        var bytes = booster.Save();
        var signature = Describe(encoding, train.Features.Columns, definition) with { Threshold = threshold, Learner = plan.Kind, Calibration = calibration };
        KeyValuePair<string, string>[] metadata =
        [
            new("model", definition.Model),
            new("target", definition.Target.Column),
            new("positive", definition.Target.Positive ?? ""),
            new("booster_sha256", Convert.ToHexStringLower(SHA256.HashData(bytes))),
        ];
        return new TrainedModel(bytes, ModelGraph.Write(signature, booster, metadata), signature);
    }

    private static ModelSignature Describe(LearnerEncoding encoding, IReadOnlyList<FeatureColumn> columns, ModelDefinition definition)
    {
        var scales = encoding.Scaling?.Numbers;
        var dates = encoding.Features.Columns.Count(c => c.Kind == ColumnKind.Date);
        var ones = encoding.Features.Columns.Count(c => c.IsOneNumber);
        var (one, date) = (0, 0);
        var described = encoding.Features.Columns.Zip(ModelGraph.InputNames(columns), (c, input) => new SignatureColumn(
            c.Name, input, c.Kind, c.Categories, c.Rates, c.IsOneNumber ? scales?[one++] : null)
        {
            DateScales = c.Kind == ColumnKind.Date && scales is not null ? EachFeature(scales, ones + date++, dates) : null,
            Words = c.Words,
        });
        return new ModelSignature(definition.Model, definition.Task, definition.Target, [.. described], 0.5, ModelGraph.Output);
    }

    private static NumberScale[] EachFeature(IReadOnlyList<NumberScale> scales, int first, int dates) =>
        [.. Enumerable.Range(0, DateFeatures.Count).Select(f => scales[first + (f * dates)])];
}
