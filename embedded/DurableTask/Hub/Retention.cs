using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>Purges finished instances once they are older than the hub keeps them, in small steps between those of others.</summary>
internal sealed partial class Retention : IDisposable
{
    private const int InstancesAtOnce = 1000;

    private readonly TimeSpan _age;
    private readonly TimeSpan _interval;
    private readonly StoreReader _reader;
    private readonly StoreWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    public Retention(TimeSpan age, StoreReader reader, StoreWriter writer, TimeProvider time, ILogger logger)
    {
        _age = age;
        _interval = TimeSpan.FromSeconds(Math.Clamp(age.TotalSeconds / 10, 1, 3600));
        _reader = reader;
        _writer = writer;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = PurgeAsync(), null, _interval, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private async Task PurgeAsync()
    {
        try
        {
            var endedBefore = _time.GetUtcNow().UtcDateTime - _age;
            IReadOnlyList<long> found;
            var purged = 0;
            do
            {
                found = _reader.FindFinished(endedBefore, InstancesAtOnce);
                purged += await _writer.PurgeAsync(Purge.Of(found, isRecursive: true), CancellationToken.None);
            }
            while (found.Count == InstancesAtOnce);

            if (purged > 0)
                LogPurged(purged, _age);
        }
        catch (ObjectDisposedException stopped)
        {
            LogStopped(stopped);
            return;
        }
        catch (Exception fault)
        {
            LogFailed(fault);
        }

        // Once disposed of, the timer refuses, and no more passes are wanted.
        _timer.Change(_interval, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instances} instances were purged that ended more than {Age} ago.")]
    private partial void LogPurged(int instances, TimeSpan age);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The hub stopped while old instances were purged; what is left is purged after its next start.")]
    private partial void LogStopped(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old instances could not be purged; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
