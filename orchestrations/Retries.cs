using Microsoft.DurableTask;

namespace Serverless.Orchestrations;

/// <summary>How activities are retried. What a user got wrong comes back as a value and is not retried; what throws is a fault, and most faults pass.</summary>
internal static class Retries
{
    /// <summary>For activities that read and write storage: 1, 2, 4, 8 seconds between five attempts.</summary>
    public static TaskOptions Storage { get; } =
        TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(30)));

    /// <summary>For activities that compute for long: three attempts, 2 and 4 seconds apart.</summary>
    public static TaskOptions Compute { get; } =
        TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(2), backoffCoefficient: 2));
}
