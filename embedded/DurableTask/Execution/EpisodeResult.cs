using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>What one episode did. All of it takes effect in one transaction, or none of it.</summary>
internal sealed record EpisodeResult
{
    /// <summary>What the episode adds to the history.</summary>
    public required IReadOnlyList<HistoryEvent> NewEvents { get; init; }

    /// <summary>What the code asked for, in the order of asking.</summary>
    public required IReadOnlyList<ScheduledAction> Actions { get; init; }

    /// <summary>The numbers of timers, created by earlier episodes, that are wanted no more.</summary>
    public required IReadOnlyList<int> CancelledTimers { get; init; }

    /// <summary>The new custom status, serialised; null when this episode set none.</summary>
    public required CustomStatus? CustomStatus { get; init; }

    public required bool IsSuspended { get; init; }

    /// <summary>How the execution ended; null when it goes on.</summary>
    public required ExecutionEnd? End { get; init; }
}

internal sealed record CustomStatus(string? Json);

/// <param name="Event">What the history keeps of it.</param>
/// <param name="Data">The serialised input or payload.</param>
internal sealed record ScheduledAction(ScheduledEvent Event, string? Data)
{
    /// <summary>The version of a sub-orchestration.</summary>
    public string Version { get; init; } = string.Empty;

    /// <summary>The tags of a sub-orchestration.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Asked for and withdrawn within one episode: it stands in the history, but nothing is done.</summary>
    public bool IsWithdrawn { get; set; }
}

internal abstract record ExecutionEnd;

internal sealed record Completed(string? Output) : ExecutionEnd;

internal sealed record Failed(FailureRecord Failure) : ExecutionEnd;

internal sealed record Terminated(string? Output, bool IsRecursive) : ExecutionEnd;

/// <summary>The next execution begins with <paramref name="Next"/> and what it carries.</summary>
internal sealed record ContinuedAsNew(ExecutionStarted Next) : ExecutionEnd;
