using System.Diagnostics;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

/// <summary>A whole search on the sample data, made once for all tests that look at its outcome.</summary>
internal sealed class TrainingRun
{
    private static readonly Lazy<TrainingRun> Made = new(() => new TrainingRun());

    private TrainingRun()
    {
        var clock = Stopwatch.StartNew();
        var train = CreditData.Train;
        var seconds = new double[12];
        Trials = [.. Enumerable.Range(0, 12).AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(t =>
        {
            var started = clock.Elapsed;
            var result = TrialRunner.Run(train, SearchSpace.At(17, t), CreditData.Definition.Training, 0, 5, CancellationToken.None)!.Result;
            seconds[t] = (clock.Elapsed - started).TotalSeconds;
            return result;
        })];
        SearchSeconds = clock.Elapsed.TotalSeconds;
        TrialSeconds = seconds;
        var best = TrialSelection.Blend(Trials, MetricNames.RocAuc, 5, most: 1)[0];
        Model = ModelTrainer.Fit(train, CreditData.Definition, [best], CancellationToken.None);
        Best = best with { Threshold = Model.Signature.Threshold };
    }

    public static TrainingRun Shared => Made.Value;

    public IReadOnlyList<TrialResult> Trials { get; }

    public TrialResult Best { get; }

    public TrainedModel Model { get; }

    public double SearchSeconds { get; }

    public IReadOnlyList<double> TrialSeconds { get; }
}
