using System.Globalization;
using DurableTask.Core.Exceptions;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>In what ways an orchestrator's code fails to repeat its history.</summary>
internal static class Divergence
{
    private const string Advice =
        "Either the orchestrator's code was changed while the instance ran, or it depends on something that a replay does not repeat (clock, random numbers, I/O). "
        + "Nothing was added to what the code had asked for: restore the old code and rewind the instance, or terminate or restart it.";

    public static Exception Missing(HistoryPlace place, ScheduledEvent recorded, ScheduledEvent? next) => new NonDeterministicOrchestrationException(
        $"{place}: the history has {recorded.Description} as task {recorded.TaskId}, but on replay the code asked for nothing there"
        + (next is null ? ". " : $"; what it asked for instead is {next.Description} as task {next.TaskId}. ") + Advice);

    public static Exception Differs(HistoryPlace place, ScheduledEvent recorded, ScheduledEvent asked) => new NonDeterministicOrchestrationException(
        $"{place}: the history has {recorded.Description} as task {recorded.TaskId}, but on replay the code asked for {asked.Description}. {Advice}");

    public static Exception Additional(HistoryPlace place, ScheduledEvent asked) => new NonDeterministicOrchestrationException(
        $"{place}: on replay the code asked for {asked.Description} as task {asked.TaskId}, but its history has nothing there. {Advice}");

    public static Exception AwaitsWhatIsNotDurable(string? orchestrator) => new InvalidOperationException(
        $"The orchestrator '{orchestrator}' awaits something that is not a task of its context (I/O, Task.Delay, Task.Run, ConfigureAwait(false), a lock), "
        + "which a replay cannot repeat. Move that into an activity, or use a timer or event of the context.");
}

/// <summary>Where in a history the code ceases to repeat it.</summary>
/// <param name="Orchestrator">The orchestrator's name.</param>
/// <param name="InstanceId">Whose history it is.</param>
/// <param name="Step">Which of the tasks that the code asks for, counted from 1 in the order of the history.</param>
/// <param name="EpisodeUtc">When the episode was recorded.</param>
internal sealed record HistoryPlace(string? Orchestrator, string InstanceId, int Step, DateTime EpisodeUtc)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"The code of the orchestrator '{Orchestrator}' does not repeat the history of its instance '{InstanceId}' at step {Step} (recorded at {EpisodeUtc:s}Z)");
}
