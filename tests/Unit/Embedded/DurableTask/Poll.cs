using System.Diagnostics;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

internal static class Poll
{
    /// <summary>Looks again and again until the condition holds, and fails after a deadline.</summary>
    public static async Task UntilAsync(Func<bool> condition, Func<string> describe)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TestHub.Patience, describe());
            await Task.Delay(5);
        }
    }
}
