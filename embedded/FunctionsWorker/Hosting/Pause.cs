namespace Serverless.Embedded.FunctionsWorker.Hosting;

internal static class Pause
{
    /// <summary>Waits for that long, or until told to stop; which of the two, the token says.</summary>
    public static async Task ForAsync(TimeSpan pause, TimeProvider time, CancellationToken stopping) =>
        await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
