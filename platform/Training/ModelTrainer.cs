using System.Security.Cryptography;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>A trained model in its two forms. The graph is what is deployed; the booster is kept to check it against and to explain it.</summary>
/// <param name="Booster">XGBoost's binary format (UBJSON).</param>
/// <param name="Onnx">The graph from raw columns to score.</param>
/// <param name="Signature">What the graph takes and gives.</param>
public sealed record TrainedModel(byte[] Booster, byte[] Onnx, ModelSignature Signature);

/// <summary>Trains the model of the chosen trial on all training rows; its threshold comes from predictions for rows that the predicting model did not see.</summary>
public static class ModelTrainer
{
    /// <summary>The same input gives the same bytes.</summary>
    /// <param name="train">All training rows. They must meet <see cref="TrainingRequirements"/>.</param>
    /// <param name="definition">The model's definition: its name, target, folds and seed are used.</param>
    /// <param name="best">The trial whose parameters and rounds to take.</param>
    /// <param name="cancellationToken">Checked before every boosting round.</param>
    public static TrainedModel Fit(LabeledTable train, ModelDefinition definition, TrialResult best, CancellationToken cancellationToken)
    {
        var unseen = OutOfFold.Of(train, best, definition.Training, cancellationToken);
        var threshold = new ScoreRanking(unseen.Scores, unseen.Labels).SeparatingThreshold();
        var encoding = FeatureEncoding.Learn(train.Features);
        using var matrix = DMatrix.Of(encoding.Encode(train.Features), train.Labels);
        using var booster = Booster.ToTrain(matrix, best.Parameters.ToBooster(definition.Training.Seed));
        for (var round = 0; round < best.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Boost(round, matrix);
        }

        var bytes = booster.Save();
        var signature = Describe(encoding, train.Features.Columns, definition, threshold);
        KeyValuePair<string, string>[] metadata =
        [
            new("model", definition.Model),
            new("target", definition.Target.Column),
            new("positive", definition.Target.Positive),
            new("booster_sha256", Convert.ToHexStringLower(SHA256.HashData(bytes))),
        ];
        return new TrainedModel(bytes, ModelGraph.Write(signature, TreeEnsemble.Parse(booster.SaveJson()), metadata), signature);
    }

    private static ModelSignature Describe(FeatureEncoding encoding, IReadOnlyList<FeatureColumn> columns, ModelDefinition definition, double threshold)
    {
        var inputs = ModelGraph.InputNames(columns);
        return new ModelSignature(
            definition.Model,
            definition.Task,
            definition.Target,
            [.. encoding.Columns.Zip(inputs, (c, input) => new SignatureColumn(c.Name, input, c.Kind, c.Categories))],
            threshold,
            ModelGraph.Output);
    }
}
