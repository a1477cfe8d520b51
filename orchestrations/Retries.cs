using System.Text.Json;
using Microsoft.DurableTask;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations;

/// <summary>
/// How activities are retried. What a user got wrong comes back as a value and is not retried; what throws is a fault, and most faults pass:
/// storage that is away for some minutes must not cost a run.
/// </summary>
internal static class Retries
{
    /// <summary>By name, since that is how a failure crosses from one process to another.</summary>
    private static HashSet<string?> Permanent { get; } =
    [
        typeof(InvalidDataException).FullName,
        typeof(InvalidOperationException).FullName,
        typeof(ArgumentException).FullName,
        typeof(ArgumentNullException).FullName,
        typeof(ArgumentOutOfRangeException).FullName,
        typeof(NullReferenceException).FullName,
        typeof(JsonException).FullName,
        typeof(XGBoostException).FullName,
    ];

    /// <summary>1, 2, 4 … at most 30 seconds between attempts, for about ten minutes; a fault that would only come again is not retried.</summary>
    public static TaskOptions Activity { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(24, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(30))
        {
            HandleFailure = static failure => !Permanent.Contains(failure.ErrorType),
        });
}
