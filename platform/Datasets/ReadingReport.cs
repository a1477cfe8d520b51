using Microsoft.Extensions.Logging;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>
/// How far a run has come with reading, as a blob <c>datasets/{model}/progress/{run}.json</c> that other processes can see; gone once it has read.
/// </summary>
/// <remarks>It is for people to look at: nothing hangs on it, and what cannot be written is left out.</remarks>
public sealed partial class ReadingReport : IProgress<ReadingProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly PlatformStorage storage;
    private readonly string name;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly Task writing;
    private ReadingProgress? latest;

    private ReadingReport(PlatformStorage storage, string name, TimeProvider time, ILogger logger)
    {
        this.storage = storage;
        this.name = name;
        this.logger = logger;
        writing = WriteAsync(time, stop.Token);
    }

    /// <summary>Begins to report.</summary>
    public static ReadingReport Start(PlatformStorage storage, string model, string run, TimeProvider time, ILogger logger) => new(storage, NameOf(model, run), time, logger);

    /// <summary>What was reported last; null: nothing.</summary>
    public static async Task<ReadingProgress?> ReadAsync(PlatformStorage storage, string model, string run, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<ReadingProgress>(Containers.Datasets, NameOf(model, run), cancellationToken))?.Value;

    public void Report(ReadingProgress value) => Volatile.Write(ref latest, value);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        await storage.Blob(Containers.Datasets, name).DeleteIfExistsAsync(cancellationToken: CancellationToken.None);
    }

    private async Task WriteAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        ReadingProgress? written = null;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (Volatile.Read(ref latest) is { } progress && progress != written)
            {
                try
                {
                    await storage.WriteAsync(Containers.Datasets, name, progress, cancellationToken);
                    written = progress;
                }
                catch (Azure.RequestFailedException fault)
                {
                    LogNotWritten(name, fault);
                }
            }
        }
    }

    private static string NameOf(string model, string run) => $"{model}/progress/{run}.json";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Progress {Name} could not be written; the reading goes on")]
    private partial void LogNotWritten(string name, Exception fault);
}
