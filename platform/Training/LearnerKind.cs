using System.Text.Json.Serialization;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>What a model is made of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LearnerKind>))]
public enum LearnerKind
{
    /// <summary>Gradient-boosted trees.</summary>
    Trees,

    /// <summary>Logistic regression with an L2 penalty; of several classes multinomial, of numbers linear regression.</summary>
    Linear,

    /// <summary>The weighted mean of both, in margins.</summary>
    Mixed,
}

/// <summary>All that a fit of one booster goes by besides its rows.</summary>
/// <param name="Kind">Trees or a linear model.</param>
/// <param name="Booster">XGBoost's parameters.</param>
/// <param name="Rounds">Boosting rounds; for a linear model passes over its weights.</param>
internal sealed record FitPlan(LearnerKind Kind, IEnumerable<KeyValuePair<string, string>> Booster, int Rounds)
{
    public static FitPlan Of(TrialParameters parameters, int rounds, int seed, LearningObjective objective) =>
        new(LearnerKind.Trees, parameters.ToBooster(seed, objective), rounds);

    /// <summary>
    /// Coordinate descent on the objective: XGBoost's own linear booster, so that a baseline is saved, checked and explained as trees are.
    /// Its penalty is per row: that of the usual sum over rows is <paramref name="lambda"/> times their number.
    /// </summary>
    public static FitPlan Linear(double lambda, LearningObjective objective) => new(
        LearnerKind.Linear,
        [
            .. objective.ToBooster(),
            new("booster", "gblinear"),
            new("updater", "coord_descent"),
            new("feature_selector", "cyclic"),
            new("nthread", "1"),
            new("verbosity", "0"),

            // Each class is moved as if the others stood still: whole steps can overshoot ever further where classes are nearly apart.
            new("eta", objective.Task == LearningTask.MulticlassClassification ? "0.5" : "1"),
            new("alpha", "0"),
            new("lambda", lambda.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        ],
        BaselineRunner.Passes);
}

/// <summary>What a model is fitted by: trees of one trial or more, a linear model, or both.</summary>
/// <param name="Trees">The trials whose mean the trees are; empty where the model is linear.</param>
/// <param name="Linear">The linear model; null where there are trees alone.</param>
/// <param name="LinearShare">How much of the mean the linear model is: 0 of trees alone, 1 where it is the model.</param>
internal sealed record LearnerPlan(IReadOnlyList<FitPlan> Trees, FitPlan? Linear, double LinearShare)
{
    public LearnerKind Kind => Linear is null ? LearnerKind.Trees : Trees.Count == 0 ? LearnerKind.Linear : LearnerKind.Mixed;
}
