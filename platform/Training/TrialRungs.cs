using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <param name="Folds">Through how many folds a trial on this rung is taken.</param>
/// <param name="TimeShare">By which share of the search's time the rung ends.</param>
public sealed record TrialRung(int Folds, double TimeShare);

/// <summary>
/// The rungs of a search: successive halving (Jamieson, Talwalkar, AISTATS 2016), by thirds, with folds as its budget, so that a trial that goes on repeats
/// nothing. All trials of a rung see the same folds, and their difference is far less noisy than the score of a fold.
/// </summary>
public static class TrialRungs
{
    /// <summary>What share of a rung's trials goes on to the next. With one fold's noise, a smaller one drops good trials of small data.</summary>
    public const double Survivors = 2.0 / 3;

    /// <summary>At least so many trials see all folds.</summary>
    public const int LeastSurvivors = 3;

    public static IReadOnlyList<TrialRung> Of(TrainingPolicy policy)
    {
        var middle = (policy.Folds + 1) / 2;
        return policy.Search == TrialSearch.Exhaustive || policy.Trials <= LeastSurvivors
            ? [new TrialRung(policy.Folds, 1)]
            : middle > 1 && middle < policy.Folds
                ? [new TrialRung(1, 0.5), new TrialRung(middle, 0.8), new TrialRung(policy.Folds, 1)]
                : [new TrialRung(1, 0.5), new TrialRung(policy.Folds, 1)];
    }

    /// <summary>How many of a rung's trials go on.</summary>
    public static int SurvivorsOf(int trials) => Math.Min(trials, Math.Max(LeastSurvivors, (int)Math.Ceiling(trials * Survivors)));
}
