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
}

/// <summary>All that a fit goes by besides its rows.</summary>
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
