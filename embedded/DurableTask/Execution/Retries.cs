using Microsoft.DurableTask;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>Runs a task until it succeeds or its retries are used up. Waits on durable timers, so a retry outlives a restart.</summary>
internal static class Retries
{
    public static async Task<string?> RunAsync(TaskOrchestrationContext context, TaskRetryOptions? retry, Func<Task<string?>> attempt)
    {
        var firstAttempt = context.CurrentUtcDateTime;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failure) when (retry is not null && !failure.IsNonRetriable)
            {
                if (retry.Policy is { } policy)
                {
                    if (DelayAfter(policy, attempts, context.CurrentUtcDateTime - firstAttempt, failure) is not { } delay)
                        throw;
                    await context.CreateTimer(delay, CancellationToken.None);
                }
                else if (retry.Handler is { } handler)
                {
                    var told = new RetryContext(
                        context, attempts, failure.FailureDetails, context.CurrentUtcDateTime - firstAttempt, CancellationToken.None);
                    if (!await handler(told))
                        throw;
                }
            }
        }
    }

    /// <summary>The wait before the next attempt: first interval × coefficient^(failures − 1), at most the longest interval; null to give up.</summary>
    public static TimeSpan? DelayAfter(RetryPolicy policy, int failures, TimeSpan elapsed, TaskFailedException failure)
    {
        if (failures >= policy.MaxNumberOfAttempts || !policy.Handle(failure))
            return null;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= policy.RetryTimeout)
            return null;
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        var ticks = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, failures - 1);
        return ticks < longest.Ticks ? TimeSpan.FromTicks((long)ticks) : longest;
    }
}
