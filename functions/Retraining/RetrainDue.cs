using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Retraining;

namespace Serverless.Functions.Retraining;

/// <summary>Four times a minute: starts training for the models whose own schedule says that it is time.</summary>
public sealed class RetrainDue(RetrainingIntake intake)
{
    [Function(nameof(RetrainDue))]
    public Task Run(
        [TimerTrigger("0/15 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        intake.StartDueAsync(client, cancellationToken);
}
