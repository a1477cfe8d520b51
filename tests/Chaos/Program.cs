using System.Runtime.InteropServices;
using Serverless.Tests.Chaos;
using Serverless.Tests.Chaos.Crashes;

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

if (args is [CrashWorker.Argument, var folder])
{
    await CrashWorker.RunAsync(folder, stop.Token);
    return 0;
}

if (!ChaosArguments.TryParse(args, out var options, out var answer))
{
    await Console.Error.WriteLineAsync(answer);
    return 2;
}

try
{
    var report = await CrashRun.RunAsync(options, Console.WriteLine, stop.Token);
    Console.WriteLine(report);
    return report.Problems.Count == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}

void Stop(PosixSignalContext context)
{
    // The first signal stops in order, a second one at once.
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
