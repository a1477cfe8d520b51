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
        Fit(train, definition, [best], cancellationToken);

    /// <summary>The mean, in margins, of a model of each trial: steadier than the best of them alone, whose lead in the search is partly luck.</summary>
    /// <param name="train">All training rows.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="blended">The trials whose parameters and rounds to take; at least one.</param>
    /// <param name="cancellationToken">Checked before every boosting round.</param>
    public static TrainedModel Fit(LabeledTable train, ModelDefinition definition, IReadOnlyList<TrialResult> blended, CancellationToken cancellationToken) => FitAll(
        train,
        definition,
        [.. blended.Select(trial => FitPlan.Of(trial.Parameters, trial.Rounds, definition.Training.Seed, LearningObjective.Of(train)))],
        cancellationToken);

    /// <summary>The baseline as a model: logistic or linear regression.</summary>
    /// <param name="train">All training rows.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="baseline">The baseline whose penalty to take.</param>
    /// <param name="cancellationToken">Checked before every pass over the weights.</param>
    public static TrainedModel Fit(LabeledTable train, ModelDefinition definition, BaselineResult baseline, CancellationToken cancellationToken) =>
        FitAll(train, definition, [FitPlan.Linear(baseline.Lambda, LearningObjective.Of(train))], cancellationToken);

    private static TrainedModel FitAll(LabeledTable train, ModelDefinition definition, FitPlan[] blended, CancellationToken cancellationToken)
    {
        var policy = definition.Training;
        var (calibration, threshold) = Calibrate(train, blended, policy, cancellationToken);

        var scale = LabelScale.Of(train);
        var learned = scale?.Apply(train) ?? train;
        var (encoding, rows) = LearnerEncoding.Learn(learned, blended[0].Kind);
        using var booster = Boost(blended, rows, learned, scale, policy, cancellationToken);
        var bytes = booster.Save();
        var signature = Describe(encoding, train.Features.Columns, definition) with
        {
            Threshold = threshold,
            Learner = blended[0].Kind,
            Calibration = calibration,
            Classes = train.Task == LearningTask.MulticlassClassification ? train.Classes : null,
        };
        KeyValuePair<string, string>[] metadata =
        [
            new("model", definition.Model),
            new("target", definition.Target.Column),
            definition.Target.Positive is { } positive ? new("positive", positive) : new("task", $"{train.Task}"),
            .. train.Classes.Select((name, place) => new KeyValuePair<string, string>($"class_{place}", name)),
            new("booster_sha256", Convert.ToHexStringLower(SHA256.HashData(bytes))),
        ];
        return new TrainedModel(bytes, ModelGraph.Write(signature, booster, metadata), signature);
    }

    /// <summary>How margins become probabilities, and from which of them on a row counts as positive. A number needs neither.</summary>
    private static (Calibration? Calibration, double Threshold) Calibrate(
        LabeledTable train, FitPlan[] blended, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        const double unused = 0.5;
        if (train.Task == LearningTask.Regression || (train.Task == LearningTask.MulticlassClassification && policy.Calibration == CalibrationChoice.None))
        {
            return (null, unused);
        }

        var unseen = OutOfFold.Of(train, blended, policy, cancellationToken);
        if (train.Task == LearningTask.MulticlassClassification)
        {
            return (TemperatureScaling.Choose(unseen, train.Classes.Count, policy.Calibration), unused);
        }

        var calibration = Calibrator.Choose(unseen, policy.Calibration);
        float[] scores = [.. unseen.Margins.Select(m => calibration?.Probability(m) ?? Calibration.Logistic(m))];
        return (calibration, DecisionThreshold.Of(scores, unseen.Labels, policy.Cost));
    }

    private static Booster Boost(
        FitPlan[] blended, DenseMatrix rows, LabeledTable learned, LabelScale? scale, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        var fitted = new Booster?[blended.Length];
        try
        {
            SideBySide.For(blended.Length, cancellationToken, place =>
            {
                var plan = blended[place];

                // One each: XGBoost keeps in a matrix what it makes of it for a fit.
                using var matrix = DMatrix.Of(rows, plan.Kind, learned.Labels, policy.Weights?.For(learned));
                var booster = fitted[place] = Booster.ToTrain(matrix, plan.Booster);
                for (var round = 0; round < plan.Rounds; round++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    booster.Boost(round, matrix);
                }
            });
            return BlendedBooster.Of([.. fitted.OfType<Booster>()], scale);
        }
        finally
        {
            Array.ForEach(fitted, booster => booster?.Dispose());
        }
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
            Typical = c.Typical,
            Shares = c.Shares,
        });
        return new ModelSignature(definition.Model, definition.Task, definition.Target, [.. described], 0.5, ModelGraph.Output);
    }

    private static NumberScale[] EachFeature(IReadOnlyList<NumberScale> scales, int first, int dates) =>
        [.. Enumerable.Range(0, DateFeatures.Count).Select(f => scales[first + (f * dates)])];
}
