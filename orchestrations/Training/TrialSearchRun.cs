using Microsoft.DurableTask;
using Serverless.Orchestrations.Runs;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <param name="Blended">The trials to fit the model with, the best first; none where no trial was done in time.</param>
/// <param name="Report">Every trial.</param>
/// <param name="Times">How long each took.</param>
internal sealed record SearchOutcome(IReadOnlyList<TrialResult> Blended, TrialsReport Report, TrialTimes Times);

/// <summary>
/// Fans a search's trials out, rung by rung. Who goes on is decided when the whole rung is done, so that the order in which trials end has no
/// bearing on it. Those that are done when time is up count.
/// </summary>
/// <param name="context">The run's orchestration.</param>
/// <param name="stages">Where its progress is told.</param>
/// <param name="model">The model.</param>
/// <param name="dataset">The dataset version.</param>
/// <param name="policy">How it is searched.</param>
/// <param name="folds">How many folds there will be; null of runs of older releases, which find out when the first trial is done.</param>
internal sealed class TrialSearchRun(TaskOrchestrationContext context, StageClock stages, string model, string dataset, TrainingPolicy policy, int? folds)
{
    /// <summary>How many trials one run has in hand. The rest wait here and not in the activities' queue, where they would hold up all other runs.</summary>
    private const int MostTrialsAtOnce = 4;

    private readonly List<SearchedTrial> trials = [.. Enumerable.Range(0, policy.Trials).Select(t => new SearchedTrial(t, policy))];
    private TaskFailedException? failure;
    private int done;
    private int planned;

    public async Task<SearchOutcome> RunAsync()
    {
        var rungs = TrialRungs.Of(policy);
        planned = PlannedFits(rungs);
        stages.Enter(RunStage.Trials, progress: Progress(0));
        var started = context.CurrentUtcDateTime;
        IReadOnlyList<SearchedTrial> onRung = trials;
        var fitted = 0;
        foreach (var rung in rungs)
        {
            var deadline = started + (policy.Timeout * rung.TimeShare);
            await FitAsync(onRung, fitted, rung.Folds, deadline);
            fitted = rung.Folds;
            if (rung == rungs[^1] || trials.Max(t => t.FoldsInAll) <= fitted)
            {
                break;
            }

            onRung = GoOn(onRung);
        }

        stages.Report(Progress(planned));
        return Choose();
    }

    private async Task FitAsync(IReadOnlyList<SearchedTrial> onRung, int firstFold, int endFold, DateTime deadline)
    {
        var waiting = new Queue<SearchedTrial>(onRung);
        var running = new List<Task>();
        while (running.Count > 0 || waiting.Count > 0)
        {
            while (running.Count < MostTrialsAtOnce && waiting.TryDequeue(out var trial))
            {
                running.Add(FitAsync(trial, new FitTrialInput(
                    model, dataset, trial.Number, policy.Metric, policy.Seed, deadline, policy, firstFold, endFold)));
            }

            var next = await Task.WhenAny(running);
            running.Remove(next);
            await next;
            done++;
            if (context.CurrentUtcDateTime >= deadline)
            {
                while (waiting.TryDequeue(out var late))
                {
                    late.OutOfTime();
                }
            }

            stages.Report(Progress(done));
        }
    }

    private async Task FitAsync(SearchedTrial trial, FitTrialInput input)
    {
        trial.Enter();
        try
        {
            trial.Take(await context.CallActivityAsync<FittedTrial>(nameof(FitTrial), input, Retries.Activity));
        }
        catch (TaskFailedException failed)
        {
            failure ??= failed;
            trial.Fail(failed.FailureDetails.ErrorMessage);
        }
    }

    private List<SearchedTrial> GoOn(IReadOnlyList<SearchedTrial> onRung)
    {
        var ranked = TrialSelection.Ranked(onRung.Where(t => t.IsAlive).Select(t => t.Result).OfType<TrialResult>(), policy.Metric);
        var survivors = ranked.Take(TrialRungs.SurvivorsOf(ranked.Count)).ToList();
        foreach (var beaten in ranked.Skip(survivors.Count))
        {
            trials[beaten.Trial].Beat(survivors, ranked.Count);
        }

        return [.. survivors.Select(s => trials[s.Trial]).OrderBy(t => t.Number)];
    }

    private SearchOutcome Choose()
    {
        var results = trials.Where(t => t.Result is not null).ToList();
        if (results.Count == 0 && failure is not null)
        {
            throw new InvalidOperationException($"None of the {policy.Trials} trials succeeded; the first failed with: {failure.FailureDetails.ErrorMessage}", failure);
        }

        // A score over few folds does not compare with one over many.
        var most = results.Select(t => t.FoldsSeen).DefaultIfEmpty().Max();
        IReadOnlyList<TrialResult> blended = results.Count == 0 ? [] : TrialSelection.Blend(
            results.Where(t => t.FoldsSeen == most).Select(t => t.Result).OfType<TrialResult>(), policy.Metric, Math.Max(1, most), policy.Blend);
        return new SearchOutcome(
            blended,
            new TrialsReport(
                policy.Metric, policy.Seed, policy.Folds, policy.Search, blended.Count == 0 ? null : blended[0].Trial, [.. trials.Select(t => t.ToRecord())])
            {
                Blended = [.. blended.Select(t => t.Trial)],
            },
            new TrialTimes([.. trials.Select(t => new TrialTime(t.Number, Math.Round(t.Seconds, 3)))]));
    }

    private RunProgress Progress(int fits) => new(fits, planned, RunPart.Fits);

    private int PlannedFits(IReadOnlyList<TrialRung> rungs)
    {
        var (all, size) = (0, policy.Trials);
        foreach (var rung in rungs)
        {
            all += size;
            size = TrialRungs.SurvivorsOf(size);
            if (rung.Folds >= folds) break;
        }

        return all;
    }
}
