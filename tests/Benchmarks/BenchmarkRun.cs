namespace Serverless.Tests.Benchmarks;

/// <summary>Runs the benchmarks one after the other, and reports.</summary>
internal static class BenchmarkRun
{
    public static async Task RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var machine = Machine.Describe();
        var measurements = new List<Measurement>();
        foreach (var benchmark in options.Benchmarks)
        {
            // Progress on the error stream, so that the output holds the report alone.
            await Console.Error.WriteAsync($"{benchmark.Name} … ");
            var started = TimeProvider.System.GetTimestamp();
            measurements.AddRange(await benchmark.RunAsync(cancellationToken));
            await Console.Error.WriteLineAsync($"done ({TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s)");
        }

        Console.Write(Report.Text(machine, measurements));
        if (options.JsonFile is { } file)
        {
            await File.WriteAllTextAsync(file, Report.Json(machine, measurements), cancellationToken);
        }
    }
}
