namespace Microsoft.DurableTask;

/// <summary>Decides whether a failed task is tried again. Part of the orchestrator's code, so it must be deterministic.</summary>
/// <returns>True to try again, false to give up.</returns>
public delegate bool RetryHandler(RetryContext retryContext);

/// <inheritdoc cref="RetryHandler"/>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);

/// <summary>What a retry handler is told.</summary>
/// <param name="OrchestrationContext">The context of the calling orchestrator; a handler may wait on its timers.</param>
/// <param name="LastAttemptNumber">How many attempts have failed, from 1.</param>
/// <param name="LastFailure">Why the last attempt failed.</param>
/// <param name="TotalRetryTime">The time since the first attempt was scheduled.</param>
/// <param name="CancellationToken">Never fires; it stands here for the signature's sake.</param>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);
