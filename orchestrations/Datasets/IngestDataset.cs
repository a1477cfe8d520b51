using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Runs;
using Serverless.Orchestrations.Training;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Datasets;

/// <param name="Model">The model whose folder of training data is read.</param>
/// <param name="Cause">The dropped file that asks for it: a training file, the definition or the contract.</param>
/// <param name="ShowsProgress">Whether the run looks how far the reading has come; false in runs that began before they did.</param>
public sealed record IngestRequest(string Model, DroppedFile Cause, bool ShowsProgress = false);

/// <summary>What became of the files in a model's folder.</summary>
/// <param name="Outcome"><c>created</c>, <c>unchanged</c>, <c>refused</c>, <c>superseded</c> by a later drop, or <c>no-data</c>.</param>
/// <param name="Dataset">The dataset version; null where there is none.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="RefusedRows">Rows left out of it.</param>
/// <param name="RefusedFiles">Files left out of it.</param>
/// <param name="Reasons">Why it was refused, if it was; beside a dataset, which files were left out of it, why, and where their reports are.</param>
/// <param name="TrainingRun">The training that the new dataset started; null where none was.</param>
public sealed record IngestResult(
    string Outcome, string? Dataset, long Rows, long RefusedRows, int RefusedFiles, IReadOnlyList<string> Reasons, string? TrainingRun = null)
{
    /// <summary>Columns whose values are not read as what they are meant to be, with what to do; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>Makes a dataset version of a model's folder of training data, and starts training on it if the definition says so.</summary>
public static class IngestDataset
{
    /// <summary>
    /// How long a drop waits for others beside it. Each drop starts a run; the run of the last one reads the folder for all of them, so that ten
    /// files dropped together make one dataset and not ten.
    /// </summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    [Function(nameof(IngestDataset))]
    public static async Task<IngestResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<IngestRequest>() ?? throw new InvalidOperationException($"{nameof(IngestDataset)} needs an {nameof(IngestRequest)}.");
        try
        {
            return await IngestAsync(context, request);
        }
        catch (TaskFailedException fault)
        {
            await context.CallActivityAsync(
                nameof(ReportFailure), new ReportFailureInput(request.Cause, context.InstanceId, fault.FailureDetails.ErrorMessage), Retries.Activity);
            throw;
        }
    }

    private static async Task<IngestResult> IngestAsync(TaskOrchestrationContext context, IngestRequest request)
    {
        // A marker says that there is nothing to wait for.
        if (!CompletionMarker.Is(request.Cause.Name))
        {
            context.SetCustomStatus(new RunStatus(request.Model, RunStage.Settling));
            await context.CreateTimer(SettleTime, CancellationToken.None);
        }

        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Curating));
        var curating = context.CallActivityAsync<CurationResult>(
            nameof(CurateDataset), new CurationInput(request.Model, request.Cause, context.InstanceId), Retries.Activity);
        if (request.ShowsProgress)
        {
            await FollowAsync(context, request.Model, curating);
        }

        var curated = await curating;
        var result = new IngestResult(
            curated.Outcome, curated.Dataset, curated.Rows, curated.RefusedRows, curated.RefusedFiles, curated.Reasons)
        {
            Warnings = curated.Warnings,
        };

        // Of an unchanged dataset too: the run that made it may have been cut short before it came to this. One dataset is trained on once.
        if (curated is { TrainOnNewData: true, Dataset: { } dataset })
        {
            var started = await context.CallActivityAsync<TrainingStarted>(
                nameof(StartTraining),
                new StartTrainingInput($"train-{request.Model}-{dataset}", new TrainingRequest(request.Model, dataset, "new data")),
                Retries.Activity);
            result = result with { TrainingRun = started.IsNew ? started.Run : null };
        }

        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Finished));
        return result;
    }

    /// <summary>Shows how many rows were read, oftener at first, until the files are read.</summary>
    private static async Task FollowAsync(TaskOrchestrationContext context, string model, Task curating)
    {
        using var isRead = new CancellationTokenSource();
        for (var pause = FirstLook; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var look = context.CreateTimer(pause, isRead.Token);
            if (await Task.WhenAny(curating, look) == curating)
            {
                // A timer that is left would keep the run from ending.
                isRead.Cancel();
                return;
            }

            var progress = await context.CallActivityAsync<IngestionProgress>(
                nameof(ReadIngestionProgress), new IngestionProgressInput(model, context.InstanceId), Retries.Activity);
            context.SetCustomStatus(new RunStatus(
                model, RunStage.Curating, progress.Pass, progress.RowsRead is { } rows ? new RunDetail(RowsRead: rows, Reading: progress.Reading) : null));
        }
    }
}
