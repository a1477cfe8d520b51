using DurableTask.Core.Exceptions;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>In what ways an orchestrator's code fails to repeat its history.</summary>
internal static class Divergence
{
    private const string Advice =
        "Either the orchestrator's code was changed while the instance ran, or it depends on something that a replay does not repeat (clock, random numbers, I/O). "
        + "Restore the old code until its instances are finished, or terminate the instance.";

    public static Exception Missing(string instanceId, ScheduledEvent recorded) => new NonDeterministicOrchestrationException(
        $"The history of orchestration '{instanceId}' has {recorded.Description} as task {recorded.TaskId}, but on replay the code asked for nothing there. {Advice}");

    public static Exception Differs(string instanceId, ScheduledEvent recorded, ScheduledEvent asked) => new NonDeterministicOrchestrationException(
        $"The history of orchestration '{instanceId}' has {recorded.Description} as task {recorded.TaskId}, "
        + $"but on replay the code asked for {asked.Description}. {Advice}");

    public static Exception Additional(string instanceId, ScheduledEvent asked) => new NonDeterministicOrchestrationException(
        $"On replay the code of orchestration '{instanceId}' asked for {asked.Description} as task {asked.TaskId}, but its history has nothing there. {Advice}");

    public static Exception AwaitsWhatIsNotDurable(string? orchestrator) => new InvalidOperationException(
        $"The orchestrator '{orchestrator}' awaits something that is not a task of its context (I/O, Task.Delay, Task.Run, ConfigureAwait(false), a lock), "
        + "which a replay cannot repeat. Move that into an activity, or use a timer or event of the context.");
}
