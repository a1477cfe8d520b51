using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Datasets;

namespace Serverless.Orchestrations.Training;

/// <param name="Run">The instance id to start under.</param>
/// <param name="Request">What to train.</param>
public sealed record StartTrainingInput(string Run, TrainingRequest Request);

/// <param name="Run">The training run's instance id.</param>
/// <param name="IsNew">Whether it was started now; false: there was a run by that id.</param>
public sealed record TrainingStarted(string Run, bool IsNew);

/// <summary>Starts a training run of its own, which outlives the run that asks for it.</summary>
/// <remarks>Idempotency key: the run's instance id.</remarks>
public static class StartTraining
{
    [Function(nameof(StartTraining))]
    public static async Task<TrainingStarted> Run(
        [ActivityTrigger] StartTrainingInput input, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        new(input.Run, await DropIntake.StartOnceAsync(client, nameof(TrainModel), input.Run, input.Request, cancellationToken));
}
