namespace Serverless.Tests.Benchmarks;

/// <summary>What an idle host asks of storage.</summary>
internal static class IdleOperations
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public static async Task<double> PerMinuteAsync(TriggerApp app, CancellationToken cancellationToken)
    {
        var before = app.StorageOperations;
        var started = TimeProvider.System.GetTimestamp();
        await Task.Delay(Period, cancellationToken);
        return (app.StorageOperations - before) / TimeProvider.System.GetElapsedTime(started).TotalMinutes;
    }
}
