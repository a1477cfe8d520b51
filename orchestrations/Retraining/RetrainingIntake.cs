using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Orchestrations.Datasets;
using Serverless.Orchestrations.Training;
using Serverless.Platform.Datasets;
using Serverless.Platform.Retraining;

namespace Serverless.Orchestrations.Retraining;

/// <summary>Starts training for the models that are due by their own schedule.</summary>
public sealed partial class RetrainingIntake(RetrainingSchedule schedule, DatasetStore datasets, ILogger<RetrainingIntake> logger)
{
    public async Task StartDueAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var due in await schedule.FindDueAsync(cancellationToken))
        {
            if (await datasets.ReadLatestVersionAsync(due.Model, cancellationToken) is null)
            {
                LogNothingToLearnFrom(due.Model, due.Occurrence);
            }
            else if (await IsTrainingAsync(client, due.Model, cancellationToken))
            {
                LogStillTraining(due.Model, due.Occurrence);
            }
            else
            {
                var request = new TrainingRequest(due.Model, Dataset: null, $"schedule {due.Progress.Schedule}, due {due.Occurrence:u}");
                await DropIntake.StartOnceAsync(client, nameof(TrainModel), due.InstanceId, request, cancellationToken);
                LogStarted(due.Model, due.Occurrence, due.InstanceId);
            }

            // Recorded last: killed before, the same occurrence is found due again and its run's id found taken.
            await schedule.RecordAsync(due.Model, due.Progress, cancellationToken);
        }
    }

    /// <summary>Whether a training of the model runs, or its candidate awaits approval: another by schedule would only pile up behind it.</summary>
    private static async Task<bool> IsTrainingAsync(DurableTaskClient client, string model, CancellationToken cancellationToken)
    {
        var unfinished = new OrchestrationQuery(
            Statuses: [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended],
            InstanceIdPrefix: $"train-{model}-",
            FetchInputsAndOutputs: true);
        await foreach (var run in client.GetAllInstancesAsync(unfinished).WithCancellation(cancellationToken))
        {
            // The prefix of one model's runs may be that of another's.
            if (run.Name == nameof(TrainModel) && run.ReadInputAs<TrainingRequest>()?.Model == model)
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} was due at {Occurrence}, but a training of it is still under way or awaits approval")]
    private partial void LogStillTraining(string model, DateTimeOffset occurrence);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} was due at {Occurrence}: run {Run}")]
    private partial void LogStarted(string model, DateTimeOffset occurrence, string run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} was due at {Occurrence}, but has no dataset to learn from")]
    private partial void LogNothingToLearnFrom(string model, DateTimeOffset occurrence);
}
