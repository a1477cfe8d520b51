using System.Security.Cryptography;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>A trained model in its two forms. The graph is what is deployed; the learner is kept to check it against and to explain it.</summary>
/// <param name="Learner">As XGBoost keeps it.</param>
/// <param name="Onnx">The graph from raw columns to score.</param>
/// <param name="Signature">What the graph takes and gives.</param>
public sealed record TrainedModel(LearnerFiles Learner, byte[] Onnx, ModelSignature Signature);

/// <summary>A trained model, and what was measured to choose it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Choice">What it was chosen over; null where there was no baseline, or no trial.</param>
/// <param name="FoldScores">The training metric on each fold of what has trees, whether it became the model or not; null where that was not measured.</param>
/// <param name="LinearShare">How much of that is linear; null where no mean of both was tried.</param>
public sealed record ChosenModel(TrainedModel Model, LearnerChoice? Choice, IReadOnlyList<double>? FoldScores, double? LinearShare);

/// <summary>
/// Trains the chosen learner on all training rows. Its calibration and its threshold come from predictions for rows that the predicting model
/// did not see.
/// </summary>
public static class ModelTrainer
{
    /// <summary>
    /// The mean, in margins, of a model of each trial: steadier than the best of them alone, whose lead in the search is partly luck. Where
    /// the definition's blend is more than one, the baseline is part of that mean as far as cross-validation says; and where the baseline alone is as good, it is the model.
    /// The same input gives the same bytes.
    /// </summary>
    /// <param name="train">All training rows. They must meet <see cref="TrainingRequirements"/>.</param>
    /// <param name="definition">The model's definition: its name, target and training policy are used.</param>
    /// <param name="blended">The trials whose parameters and rounds to take, the best first; none where none was done in time, and the baseline is the model.</param>
    /// <param name="baseline">What they have to beat; null where there is none.</param>
    /// <param name="cancellationToken">Checked before every boosting round.</param>
    /// <exception cref="ArgumentException">There is neither a trial nor a baseline.</exception>
    public static ChosenModel Choose(
        LabeledTable train, ModelDefinition definition, IReadOnlyList<TrialResult> blended, BaselineResult? baseline, CancellationToken cancellationToken)
    {
        if (blended.Count == 0)
        {
            return baseline is not null
                ? new ChosenModel(Fit(train, definition, baseline, cancellationToken), null, null, null)
                : throw new ArgumentException("There is neither a trial nor a baseline; expected at least one of them to fit.", nameof(blended));
        }

        var (policy, trees) = (definition.Training, Plans(train, definition, blended));
        if (baseline is null) return new ChosenModel(Fit(train, definition, new LearnerPlan(trees, null, 0), null, cancellationToken), null, null, null);

        var line = FitPlan.Linear(baseline.Lambda, LearningObjective.Of(train));
        var predicted = OutOfFold.Of(train, [trees, [line]], policy, cancellationToken);
        var (mixed, linear) = (predicted[0], predicted[1]);
        double? share = null;
        if (policy.Blend > 1) (share, mixed) = LinearShare.Choose(mixed, linear, train.Task, policy.Metric);
        var scores = mixed.Scores(train.Task, policy.Metric);
        var choice = LearnerChoice.Of(scores, baseline.FoldScores, policy.Metric, blended.Count, share ?? 0);
        var (plan, unseen) = choice.Learner switch
        {
            LearnerKind.Linear => (new LearnerPlan([], line, 1), linear),
            LearnerKind.Mixed => (new LearnerPlan(trees, line, share ?? 0), mixed),
            _ => (new LearnerPlan(trees, null, 0), mixed),
        };
        return new ChosenModel(Fit(train, definition, plan, unseen, cancellationToken), choice, scores, share);
    }

    /// <summary>The trees of a trial or the mean of several, with no linear part.</summary>
    /// <param name="train">All training rows.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="blended">The trials; at least one.</param>
    /// <param name="cancellationToken">Checked before every boosting round.</param>
    public static TrainedModel Fit(LabeledTable train, ModelDefinition definition, IReadOnlyList<TrialResult> blended, CancellationToken cancellationToken) =>
        Fit(train, definition, new LearnerPlan(Plans(train, definition, blended), null, 0), null, cancellationToken);

    /// <summary>The baseline as a model: logistic or linear regression.</summary>
    /// <param name="train">All training rows.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="baseline">The baseline whose penalty to take.</param>
    /// <param name="cancellationToken">Checked before every pass over the weights.</param>
    public static TrainedModel Fit(LabeledTable train, ModelDefinition definition, BaselineResult baseline, CancellationToken cancellationToken) =>
        Fit(train, definition, new LearnerPlan([], FitPlan.Linear(baseline.Lambda, LearningObjective.Of(train)), 1), null, cancellationToken);

    private static FitPlan[] Plans(LabeledTable train, ModelDefinition definition, IReadOnlyList<TrialResult> blended) =>
        [.. blended.Select(trial => FitPlan.Of(trial.Parameters, trial.Rounds, definition.Training.Seed, LearningObjective.Of(train)))];

    /// <param name="train">All training rows.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="plan">What to fit.</param>
    /// <param name="unseen">What it predicts for rows it did not see, where that is known already; of a mixed plan it has to be.</param>
    /// <param name="cancellationToken">Checked before every boosting round.</param>
    private static TrainedModel Fit(LabeledTable train, ModelDefinition definition, LearnerPlan plan, OutOfFold? unseen, CancellationToken cancellationToken)
    {
        var policy = definition.Training;
        var (calibration, threshold) = Calibrate(
            train, () => unseen ?? OutOfFold.Of(train, [plan.Trees.Count > 0 ? plan.Trees : [plan.Linear!]], policy, cancellationToken)[0], policy);

        var scale = LabelScale.Of(train);
        var learned = scale?.Apply(train) ?? train;
        var (encoding, features) = LearnerEncoding.Learn(learned, plan.Kind);
        using var learner = Boost(plan, encoding, features, learned, scale, policy, cancellationToken);
        var files = learner.Save();
        var signature = Describe(encoding, train.Features.Columns, definition) with
        {
            Threshold = threshold,
            Learner = plan.Kind,
            Calibration = calibration,
            Classes = train.Task == LearningTask.MulticlassClassification ? train.Classes : null,
            LinearReference = plan.Linear is null ? null : encoding.For(LearnerKind.Linear, encoding.UsualRow(features)).Values,
        };
        KeyValuePair<string, string>[] metadata =
        [
            new("model", definition.Model),
            new("target", definition.Target.Column),
            definition.Target.Positive is { } positive ? new("positive", positive) : new("task", $"{train.Task}"),
            .. train.Classes.Select((name, place) => new KeyValuePair<string, string>($"class_{place}", name)),
            new("booster_sha256", Convert.ToHexStringLower(SHA256.HashData(files.Booster))),
        ];
        if (files.Linear is { } linear) metadata = [.. metadata, new("linear_sha256", Convert.ToHexStringLower(SHA256.HashData(linear)))];
        return new TrainedModel(files, ModelGraph.Write(signature, learner, metadata), signature);
    }

    /// <summary>How margins become probabilities, and from which of them on a row counts as positive. A number needs neither.</summary>
    private static (Calibration? Calibration, double Threshold) Calibrate(LabeledTable train, Func<OutOfFold> predicted, TrainingPolicy policy)
    {
        const double unused = 0.5;
        if (train.Task == LearningTask.Regression || (train.Task == LearningTask.MulticlassClassification && policy.Calibration == CalibrationChoice.None))
        {
            return (null, unused);
        }

        var unseen = predicted();
        if (train.Task == LearningTask.MulticlassClassification)
        {
            return (TemperatureScaling.Choose(unseen, train.Classes.Count, policy.Calibration), unused);
        }

        var calibration = Calibrator.Choose(unseen, policy.Calibration);
        float[] scores = [.. unseen.Margins.Select(m => calibration?.Probability(m) ?? Calibration.Logistic(m))];
        return (calibration, DecisionThreshold.Of(scores, unseen.Labels, policy.Cost));
    }

    private static Learner Boost(
        LearnerPlan plan, LearnerEncoding encoding, DenseMatrix features, LabeledTable learned, LabelScale? scale, TrainingPolicy policy, CancellationToken cancellationToken)
    {
        FitPlan[] fits = plan.Linear is { } line ? [.. plan.Trees, line] : [.. plan.Trees];
        var fitted = new Booster?[fits.Length];
        var weights = policy.Weights?.For(learned);
        var rows = fits.Select(fit => fit.Kind).Distinct()
            .ToDictionary(kind => kind, kind => new Lazy<DMatrix>(() => DMatrix.ToLearn(encoding.For(kind, features), kind, learned.Labels, weights)));

        // The longest first: one that is begun last would keep the other processors waiting.
        int[] order = [.. Enumerable.Range(0, fits.Length).OrderByDescending(place => fits[place].Rounds)];
        try
        {
            SideBySide.For(fits.Length, cancellationToken, number =>
            {
                var place = order[number];
                var (fit, matrix) = (fits[place], rows[fits[place].Kind].Value);
                var booster = fitted[place] = Booster.ToTrain(matrix, fit.Booster);
                for (var round = 0; round < fit.Rounds; round++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    booster.Boost(round, matrix);
                }
            });
            return new Learner(Blended(LearnerKind.Trees, 1 - plan.LinearShare), Blended(LearnerKind.Linear, plan.LinearShare));
        }
        finally
        {
            Array.ForEach(fitted, booster => booster?.Dispose());
            foreach (var matrix in rows.Values.Where(m => m.IsValueCreated)) matrix.Value.Dispose();
        }

        Booster? Blended(LearnerKind kind, double part)
        {
            Booster[] ofKind = [.. fits.Zip(fitted).Where(f => f.First.Kind == kind).Select(f => f.Second).OfType<Booster>()];
            return ofKind.Length == 0 ? null : BlendedBooster.Of(ofKind, scale, part);
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
