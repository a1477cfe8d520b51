using Microsoft.DurableTask;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>With what an execution begins that continues another as new.</summary>
internal static class NextExecution
{
    public static ExecutionStarted After(ExecutionStarted? started, ContinueAsNewOptions options, DataConverter converter)
    {
        ArgumentNullException.ThrowIfNull(started);
        return started with
        {
            Input = converter.Serialize(options.NewInput),
            Version = string.IsNullOrWhiteSpace(options.NewVersion) ? started.Version : options.NewVersion,
            Execution = started.Execution + 1,
        };
    }

    /// <summary>Adds what is left over. The answers to tasks concern the execution that is over; what a client asked of the instance does not.</summary>
    public static ExecutionStarted WithUnprocessed(ExecutionStarted next, IEnumerable<HistoryEvent> unprocessed, bool preservesEvents)
    {
        var carried = unprocessed.Where(message => message switch
        {
            EventRaised => preservesEvents,
            ExecutionTerminated or ExecutionSuspended or ExecutionResumed => true,
            _ => false,
        }).ToList();
        return carried.Count == 0 ? next : next with { Carried = carried };
    }
}
