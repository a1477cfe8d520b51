using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Serverless.Platform.Storage;

/// <summary>Creates the containers and the queue at start, trying again until the account answers, and knows whether they are there.</summary>
public sealed partial class StorageReadiness(PlatformStorage storage, TimeProvider time, ILogger<StorageReadiness> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource created = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns once the containers and the queue are there.</summary>
    public Task WaitUntilCreatedAsync(CancellationToken cancellationToken) => created.Task.WaitAsync(cancellationToken);

    /// <summary>Whether the account answers and holds what the platform needs; else why not, in words for a person.</summary>
    public async Task<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        if (!created.Task.IsCompleted)
        {
            return "The storage containers have not been created yet; the log says why if this lasts.";
        }

        try
        {
            await storage.CheckAsync(cancellationToken);
            return null;
        }
        catch (Exception fault) when (fault is Azure.RequestFailedException or AggregateException or IOException)
        {
            LogUnreachable(fault);
            return $"The storage account in {PlatformServices.StorageSetting} does not answer; the log has the details.";
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = FirstPause; !created.Task.IsCompleted; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await storage.EnsureCreatedAsync(stoppingToken);
                created.SetResult();
            }
            catch (Exception fault) when (fault is Azure.RequestFailedException or AggregateException or IOException)
            {
                LogUnreachable(fault);
                await Task.Delay(pause, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The storage account in AzureWebJobsStorage cannot be reached; is it running, and is the connection string right?")]
    private partial void LogUnreachable(Exception fault);
}
