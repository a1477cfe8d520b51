using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Benchmarks;

/// <summary>A dataset of 5 million rows by 30 columns, built by a process of its own: how long it takes, and the most memory that the process had.</summary>
internal static class Ingestion
{
    public const string Argument = "ingestion-app";

    private const int Rows = 5_000_000;
    private const int Categories = 6;
    private const int Columns = 30;
    private const double MostMegabytes = 2048;
    private const string ResultFile = "result.txt";

    private const string Definition = """
        model: ingestion
        task: binary-classification
        target: { column: target, positive: "1" }
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new BenchmarkFolder();
        var file = folder.PathOf("rows.csv");
        await WriteAsync(file, cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await using (var child = ChildProcess.Start(new ChildCommand
        {
            Name = "The ingestion",
            FileName = "dotnet",
            Arguments = [typeof(Ingestion).Assembly.Location, Argument, file, folder.PathOf("dataset")],
            WorkingDirectory = AppContext.BaseDirectory,
            LogFile = folder.PathOf("ingestion.log"),
        }))
        {
            await child.Exited.WaitAsync(Deadline, cancellationToken);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var result = folder.PathOf(ResultFile);
        if (!File.Exists(result))
        {
            throw new BenchmarkFailedException($"The ingestion broke off: {await File.ReadAllTextAsync(folder.PathOf("ingestion.log"), cancellationToken)}");
        }

        var figures = (await File.ReadAllTextAsync(result, cancellationToken)).Split(' ').Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        if (figures[0] != Rows || figures[1] > MostMegabytes)
        {
            throw new BenchmarkFailedException($"The dataset has {figures[0]} rows and took {figures[1]:0} MB; expected {Rows} rows and at most {MostMegabytes} MB.");
        }

        return
        [
            new Measurement($"ingestion: {Rows:#,0} rows of {Columns} columns, {new FileInfo(file).Length >> 20} MB of CSV", "s", [elapsed.TotalSeconds]),
            new Measurement("ingestion: most resident memory meanwhile", "MB", [figures[1]]),
        ];
    }

    /// <summary>What the process of its own does: builds the dataset, and leaves its rows and its own most memory beside it.</summary>
    public static async Task BuildAsync(string file, string output)
    {
        var definition = DefinitionParser.Parse(Definition, "ingestion").Definition ?? throw new InvalidOperationException("The benchmark's definition is refused.");
        var built = await new DatasetBuilder().BuildAsync(
            definition, [new SourceFile("ingestion/rows.csv", file, new string('0', 64))], output, CancellationToken.None);
        var most = (await File.ReadAllLinesAsync("/proc/self/status")).First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        var megabytes = double.Parse(most.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        await File.WriteAllTextAsync(
            Path.Combine(Path.GetDirectoryName(file) ?? "", ResultFile), string.Create(CultureInfo.InvariantCulture, $"{built.Manifest?.Rows ?? 0} {megabytes}"));
    }

    private static async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        var random = new Random(17);
        await using var file = new StreamWriter(path, append: false, Encoding.ASCII, bufferSize: 1 << 20);
        var line = new StringBuilder("target");
        for (var column = 1; column < Columns; column++)
        {
            line.Append(CultureInfo.InvariantCulture, $",c{column}");
        }

        for (var row = 0; row < Rows; row++)
        {
            await file.WriteLineAsync(line, cancellationToken);
            line.Clear().Append(row % 5 == 0 ? '1' : '0');
            for (var column = 1; column < Columns; column++)
            {
                line.Append(',');
                if (column <= Categories)
                {
                    line.Append("category-").Append(random.Next(10 * column));
                }
                else if (random.Next(20) > 0)
                {
                    line.Append(random.Next(1_000_000)).Append('.').Append(random.Next(10));
                }
            }
        }

        await file.WriteLineAsync(line, cancellationToken);
    }
}
