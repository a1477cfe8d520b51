using System.Globalization;

namespace Serverless.Platform.Training;

/// <summary>One set of hyperparameters. Each is XGBoost's parameter of the name in parentheses.</summary>
/// <param name="Trial">Which trial of the search this is, from 0.</param>
/// <param name="LearningRate">Shrinkage of each round (eta).</param>
/// <param name="MaxDepth">Greatest depth of a tree (max_depth).</param>
/// <param name="MinChildWeight">Least sum of hessians in a leaf (min_child_weight).</param>
/// <param name="Subsample">Share of rows each tree sees (subsample).</param>
/// <param name="ColumnSample">Share of features each tree sees (colsample_bytree).</param>
/// <param name="Lambda">L2 penalty on leaf weights (lambda).</param>
/// <param name="Alpha">L1 penalty on leaf weights (alpha).</param>
/// <param name="Gamma">Least loss reduction a split has to bring (gamma).</param>
public sealed record TrialParameters(
    int Trial,
    double LearningRate,
    int MaxDepth,
    double MinChildWeight,
    double Subsample,
    double ColumnSample,
    double Lambda,
    double Alpha,
    double Gamma)
{
    /// <summary>All of a booster's parameters. One thread each: trials run side by side, and sums do not depend on a thread count.</summary>
    internal IEnumerable<KeyValuePair<string, string>> ToBooster(int seed, LearningObjective objective) =>
    [
        .. objective.ToBooster(),
        new("booster", "gbtree"),
        new("tree_method", "hist"),
        new("nthread", "1"),
        new("verbosity", "0"),
        new("seed", seed.ToString(CultureInfo.InvariantCulture)),
        new("seed_per_iteration", "true"),
        new("eta", Text(LearningRate)),
        new("max_depth", MaxDepth.ToString(CultureInfo.InvariantCulture)),
        new("min_child_weight", Text(MinChildWeight)),
        new("subsample", Text(Subsample)),
        new("colsample_bytree", Text(ColumnSample)),
        new("lambda", Text(Lambda)),
        new("alpha", Text(Alpha)),
        new("gamma", Text(Gamma)),
    ];

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
