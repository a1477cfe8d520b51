using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Functions.Datasets;

/// <summary>Twice a minute, and at start: starts what no blob trigger did, such as files dropped while the app was down.</summary>
public sealed class SweepDrops(DropIntake intake, StorageReadiness storage)
{
    [Function(nameof(SweepDrops))]
    public async Task Run(
        [TimerTrigger("0/30 * * * * *", RunOnStartup = true)] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await storage.WaitUntilCreatedAsync(cancellationToken);

        // Definitions first: what is dropped beside them needs them.
        await intake.SweepAsync(client, Containers.Definitions, cancellationToken);
        await intake.SweepAsync(client, Containers.TrainingData, cancellationToken);
        await intake.SweepAsync(client, Containers.ScoringInput, cancellationToken);
    }
}
