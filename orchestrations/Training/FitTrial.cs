using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Datasets;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <param name="Model">The model.</param>
/// <param name="Dataset">The dataset version.</param>
/// <param name="Trial">The trial's number, from 0; with the seed it determines the parameters.</param>
/// <param name="Metric">The metric it is judged by.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Deadline">When it is given up, UTC.</param>
public sealed record FitTrialInput(string Model, string Dataset, int Trial, string Metric, int Seed, DateTime Deadline);

/// <param name="Result">What the trial came to; null when it was given up at the deadline.</param>
public sealed record FittedTrial(TrialResult? Result);

/// <summary>Tries one set of hyperparameters by cross-validation on the training rows.</summary>
/// <remarks>Writes nothing; the same input gives the same result to the last bit, unless it is given up.</remarks>
public sealed class FitTrial(DatasetStore datasets, TimeProvider time)
{
    [Function(nameof(FitTrial))]
    public async Task<FittedTrial> Run([ActivityTrigger] FitTrialInput input, CancellationToken cancellationToken)
    {
        var left = input.Deadline - time.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
        {
            return new FittedTrial(null);
        }

        using var deadline = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var train = await datasets.ReadAsync(input.Model, input.Dataset, DataSplit.Train, either.Token);
            return new FittedTrial(TrialRunner.Run(train, SearchSpace.At(input.Seed, input.Trial), input.Metric, input.Seed, either.Token));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new FittedTrial(null);
        }
    }
}
