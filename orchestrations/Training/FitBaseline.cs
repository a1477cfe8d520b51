using Microsoft.Azure.Functions.Worker;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <param name="Model">The model.</param>
/// <param name="Dataset">The dataset version.</param>
/// <param name="Policy">Metric, folds, seed and weights.</param>
/// <param name="Deadline">When the trials are given up, UTC. The baseline has as much time again: there is always one to show, and to fall back on.</param>
public sealed record FitBaselineInput(string Model, string Dataset, TrainingPolicy Policy, DateTime Deadline);

/// <param name="Result">How good the baseline was; null when it was given up at the deadline.</param>
public sealed record FittedBaseline(BaselineResult? Result);

/// <summary>Cross-validates logistic regression, which the trials have to beat.</summary>
/// <remarks>Writes nothing; the same input gives the same result to the last bit, unless it is given up.</remarks>
public sealed class FitBaseline(DatasetRows rows, TimeProvider time)
{
    [Function(nameof(FitBaseline))]
    public async Task<FittedBaseline> Run([ActivityTrigger] FitBaselineInput input, CancellationToken cancellationToken)
    {
        var left = input.Deadline + input.Policy.Timeout - time.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
        {
            return new FittedBaseline(null);
        }

        using var deadline = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var train = await rows.ReadAsync(input.Model, input.Dataset, DataSplit.Train, either.Token);
            return new FittedBaseline(BaselineRunner.Run(train, input.Policy, either.Token));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new FittedBaseline(null);
        }
    }
}
