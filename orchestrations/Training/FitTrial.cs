using Microsoft.Azure.Functions.Worker;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <param name="Model">The model.</param>
/// <param name="Dataset">The dataset version.</param>
/// <param name="Trial">The trial's number, from 0; with the seed it determines the parameters.</param>
/// <param name="Metric">The metric it is judged by.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Deadline">When it is given up, UTC.</param>
/// <param name="Policy">The definition's policy; null in runs that began when metric and seed were all of it.</param>
/// <param name="FirstFold">The first fold to fit, from 0.</param>
/// <param name="EndFold">The fold to stop before.</param>
public sealed record FitTrialInput(
    string Model,
    string Dataset,
    int Trial,
    string Metric,
    int Seed,
    DateTime Deadline,
    TrainingPolicy? Policy = null,
    int FirstFold = 0,
    int EndFold = TrainingPolicy.MostFolds);

/// <param name="Result">What the trial came to on these folds; null when it was given up at the deadline, or there are no such folds.</param>
/// <param name="Curves">The folds that were fitted; null when none was.</param>
/// <param name="Folds">How many folds there are in all.</param>
/// <param name="Seconds">How long that took.</param>
public sealed record FittedTrial(TrialResult? Result, IReadOnlyList<FoldCurve>? Curves = null, int Folds = 0, double Seconds = 0);

/// <summary>Tries one set of hyperparameters by cross-validation on the training rows, on the folds of one rung.</summary>
/// <remarks>Writes nothing; the same input gives the same result to the last bit, unless it is given up.</remarks>
public sealed class FitTrial(DatasetRows rows, TrialSlots slots, TimeProvider time)
{
    [Function(nameof(FitTrial))]
    public async Task<FittedTrial> Run([ActivityTrigger] FitTrialInput input, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var left = input.Deadline - time.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
        {
            return new FittedTrial(null);
        }

        using var deadline = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var slot = await slots.TakeAsync(either.Token);
            started = time.GetTimestamp();
            var train = await rows.ReadAsync(input.Model, input.Dataset, DataSplit.Train, either.Token);
            var policy = input.Policy ?? TrainingPolicy.Default with { Metric = input.Metric, Seed = input.Seed };
            var fit = TrialRunner.Run(
                train, SearchSpace.At(input.Seed, input.Trial), policy, input.FirstFold, input.EndFold, either.Token);
            return new FittedTrial(fit?.Result, fit?.Curves, fit?.Folds ?? 0, Math.Round(time.GetElapsedTime(started).TotalSeconds, 3));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new FittedTrial(null, Seconds: Math.Round(time.GetElapsedTime(started).TotalSeconds, 3));
        }
    }
}
