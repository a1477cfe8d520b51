using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>How a failed execution is taken up again: its history without the failures, and what that history then waits for.</summary>
/// <param name="History">What takes the place of the failed execution's history.</param>
/// <param name="Open">What the code has asked for and has no answer to, with the data that it gave along.</param>
internal sealed record RewindPlan(IReadOnlyList<HistoryEvent> History, IReadOnlyList<ScheduledAction> Open)
{
    /// <summary>Whether a failed execution that is taken up again wants a message that had arrived and that the failing code did not take.</summary>
    public static bool Wants(HistoryEvent message) => message is not (ExecutionRewound or ExecutionTerminated);

    /// <summary>
    /// Takes as many of the last failures out as the code can do without: all of them unless it has acted upon one, by a retry say, for what it did
    /// then stays in the history.
    /// </summary>
    /// <param name="history">The failed execution's history.</param>
    /// <param name="reason">Why it is rewound.</param>
    /// <param name="createExecution">Gives an execution, not yet run, that adds what the history confirms to the given list.</param>
    /// <exception cref="InvalidOperationException">The orchestrator's code does not repeat the history.</exception>
    public static RewindPlan Create(
        IReadOnlyList<HistoryEvent> history, string? reason, Func<ICollection<ScheduledAction>, OrchestrationExecution> createExecution)
    {
        List<int> failures = [.. history.Index().Where(entry => entry.Item is ActivityFailed or ChildFailed).Select(entry => entry.Index)];
        var (plan, difference) = Try(0);

        // What can be done without stays so when less is taken out, so the place is found by halves.
        var (from, to) = (1, failures.Count);
        while (plan is null && from <= to)
        {
            var middle = from + ((to - from) / 2);
            (var found, difference) = Try(middle);
            if (found is null)
                from = middle + 1;
            else if (from == to)
                plan = found;
            else
                to = middle;
        }

        return plan ?? throw new InvalidOperationException(difference);

        (RewindPlan? Plan, string? Difference) Try(int firstDropped) => Replay(Without(failures.Skip(firstDropped).ToHashSet()));

        IReadOnlyList<HistoryEvent> Without(HashSet<int> dropped) =>
            [.. history.Where((item, index) => item is not ExecutionCompleted && !dropped.Contains(index)), new ExecutionRewound(reason)];

        (RewindPlan? Plan, string? Difference) Replay(IReadOnlyList<HistoryEvent> shortened)
        {
            List<ScheduledAction> confirmed = [];
            var execution = createExecution(confirmed);
            execution.Replay(shortened);
            return execution is { HasDiverged: true, End: Failed { Failure.ErrorMessage: var message } }
                ? (null, message)
                : (new RewindPlan(shortened, [.. confirmed.Where(action => execution.IsOpen(action.Event.TaskId))]), null);
        }
    }
}
