using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask;

/// <summary>Replays recorded histories against today's code: what fails here would break instances that run when the code is deployed.</summary>
public static class OrchestrationReplayer
{
    /// <summary>Runs the orchestrator as far as the recording goes. Activities are not run; their results are in the recording.</summary>
    /// <returns>In what the code differs from the recording; null when it repeats it.</returns>
    public static string? FindDifference(HistoryRecording recording, Func<TaskOrchestrationContext, Task<object?>> orchestrator, DataConverter converter)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var execution = new OrchestrationExecution(recording.InstanceId, _ => orchestrator, converter, NullLoggerFactory.Instance, static () => { });
        execution.Replay(recording.History);
        if (execution is { HasDiverged: true, End: Failed divergence })
            return divergence.Failure.ErrorMessage;

        var recorded = recording.History.FirstOrDefault(item => item is ExecutionCompleted or ExecutionTerminated);
        return (recorded, execution.End) switch
        {
            (ExecutionTerminated, _) or (null, null) => null,
            (ExecutionCompleted { IsSuccess: true, Output: var before }, Completed { Output: var now }) when before == now => null,
            (ExecutionCompleted { IsSuccess: false, Failure.ErrorType: var before }, Failed { Failure.ErrorType: var now }) when before == now => null,
            (ExecutionCompleted before, var now) => $"The recording of '{recording.Name}' ends with {Describe(before)}, but the code now ends with {Describe(now)}.",
            (_, var now) => $"The recording of '{recording.Name}' goes on waiting where the code now ends with {Describe(now)}.",
        };
    }

    private static string Describe(ExecutionCompleted end) => end.IsSuccess ? $"the output {end.Output ?? "null"}" : $"the failure {end.Failure?.ErrorType}";

    private static string Describe(ExecutionEnd? end) => end switch
    {
        null => "a wait",
        Completed completed => $"the output {completed.Output ?? "null"}",
        Failed failed => $"the failure {failed.Failure.ErrorType}: {failed.Failure.ErrorMessage}",
        _ => end.GetType().Name,
    };
}
