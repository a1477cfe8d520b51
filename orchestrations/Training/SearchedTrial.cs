using System.Globalization;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <summary>What is known of one trial while its search goes on.</summary>
internal sealed class SearchedTrial(int number, TrainingPolicy policy)
{
    private readonly List<FoldCurve> curves = [];
    private int rung;
    private TrialEnd end = TrialEnd.Finished;
    private string reason = "It saw all folds.";

    public int Number => number;

    public TrialResult? Result { get; private set; }

    public int FoldsSeen => curves.Count;

    public int FoldsInAll { get; private set; }

    public double Seconds { get; private set; }

    public bool IsAlive => end == TrialEnd.Finished && Result is not null;

    public void Enter() => rung++;

    public void Take(FittedTrial fitted)
    {
        Seconds += fitted.Seconds;
        if (fitted.Result is null)
        {
            OutOfTime();
            return;
        }

        // Without curves it is a result of an earlier release, over all folds.
        curves.AddRange(fitted.Curves ?? []);
        FoldsInAll = fitted.Folds;
        Result = curves.Count > 0 ? TrialResult.Of(fitted.Result.Parameters, curves, policy.Metric) : fitted.Result;
    }

    public void OutOfTime() => Stop(TrialEnd.OutOfTime, policy.Search == TrialSearch.Exhaustive
        ? $"The {policy.Timeout} of training.timeout were over."
        : $"Its rung's share of the {policy.Timeout} of training.timeout was over.");

    public void Fail(string message) => Stop(TrialEnd.Failed, message);

    public void Beat(IReadOnlyList<TrialResult> survivors, int ofTrials) => Stop(TrialEnd.Beaten, string.Create(
        CultureInfo.InvariantCulture,
        $"Its {policy.Metric} of {Result?.Score:F4} after {FoldsSeen} of {FoldsInAll} folds; the {survivors.Count} best of {ofTrials} went on, the last of them with {survivors[^1].Score:F4}."));

    public TrialRecord ToRecord() => new(
        number,
        Result?.Parameters ?? SearchSpace.At(policy.Seed, number),
        rung,
        Result is { } result ? [.. curves.Select(c => c.At((result.Rounds / FoldCurve.Step) - 1))] : [],
        Result?.Rounds,
        Result?.Score,
        Result?.StandardDeviation,
        end,
        reason,
        [.. curves.Select(c => c.Scores.Count * FoldCurve.Step)]);

    private void Stop(TrialEnd how, string why)
    {
        end = how;
        reason = why;
    }
}
