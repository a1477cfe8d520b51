using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Datasets;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <param name="Model">The model.</param>
/// <param name="Dataset">The dataset version.</param>
/// <param name="Trial">The trial's number, from 0; with the seed it determines the parameters.</param>
/// <param name="Metric">The metric it is judged by.</param>
/// <param name="Seed">The run's seed.</param>
public sealed record FitTrialInput(string Model, string Dataset, int Trial, string Metric, int Seed);

/// <summary>Tries one set of hyperparameters by cross-validation on the training rows.</summary>
/// <remarks>Writes nothing; the same input gives the same result to the last bit.</remarks>
public sealed class FitTrial(DatasetStore datasets)
{
    [Function(nameof(FitTrial))]
    public async Task<TrialResult> Run([ActivityTrigger] FitTrialInput input, CancellationToken cancellationToken)
    {
        var train = await datasets.ReadAsync(input.Model, input.Dataset, DataSplit.Train, cancellationToken);
        return TrialRunner.Run(train, SearchSpace.At(input.Seed, input.Trial), input.Metric, input.Seed, cancellationToken);
    }
}
