using System.Runtime.InteropServices;
using Serverless.Local;
using Serverless.Tests.Benchmarks;

if (args is [EmptyApp.Argument, var url])
{
    await EmptyApp.RunAsync(url);
    return 0;
}

if (args is [Ingestion.Argument, var rows, var dataset])
{
    await Ingestion.BuildAsync(rows, dataset);
    return 0;
}

if (args is [BareApp.Argument, var bareUrl])
{
    await BareApp.RunAsync(bareUrl);
    return 0;
}

if (args is [HostedApp.Argument, var hostedUrl, var folder, var storage])
{
    await HostedApp.RunAsync(hostedUrl, folder, storage);
    return 0;
}

Benchmark[] benchmarks =
[
    new("start-up", [BenchmarkGroups.Platform, BenchmarkGroups.Durable], StartUp.RunAsync),
    new("drop-to-deployed", [BenchmarkGroups.Platform], DropToDeployed.RunAsync),
    new("training", [BenchmarkGroups.Platform], TrainingCost.RunAsync),
    new("accuracy", [], Accuracy.RunAsync),
    new("scoring", [BenchmarkGroups.Platform], Scoring.RunAsync),
    new("ingestion", [BenchmarkGroups.Platform], Ingestion.RunAsync),
    new("http", [BenchmarkGroups.Durable], HttpRequests.RunAsync),
    new("idle", [BenchmarkGroups.Durable], Idle.RunAsync),
    new("orchestration", [BenchmarkGroups.Durable], OrchestrationRates.RunAsync),
    new("latency", [BenchmarkGroups.Durable], OrchestrationLatency.RunAsync),
    new("replay", [BenchmarkGroups.Durable], OrchestrationReplay.RunAsync),
    new("memory", [BenchmarkGroups.Durable], OrchestrationMemory.RunAsync),
    new("queue", [BenchmarkGroups.Durable], QueueMessages.RunAsync),
    new("blob", [BenchmarkGroups.Durable], BlobDrops.RunAsync),
];

if (!BenchmarkOptions.TryParse(args, benchmarks, out var options, out var answer))
{
    await Console.Error.WriteLineAsync(answer);
    return 2;
}

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await BenchmarkRun.RunAsync(options, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}
catch (Exception fault) when (fault is CommandException or LocalProcessException or TimeoutException or BenchmarkFailedException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    // The first signal stops in order, a second one at once.
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
