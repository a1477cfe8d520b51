using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>Runs one episode of an instance, replaying it first when it is not in memory.</summary>
/// <param name="reader">What is stored of it.</param>
/// <param name="createExecution">Makes an execution that has not begun; the action asks for another episode.</param>
/// <param name="versions">Which instances this code runs.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told what is not run.</param>
internal sealed partial class EpisodeRunner(
    StoreReader reader, Func<InstanceRow, Action, OrchestrationExecution> createExecution, VersionGate versions, TimeProvider time, ILogger logger)
{
    private readonly ILogger _logger = logger;

    public Turn Run(ActiveInstance instance, IReadOnlyList<InboxMessage> mail, Action wake)
    {
        try
        {
            if (instance.Loaded is null)
            {
                if (reader.GetRow(instance.Key) is not { IsFinished: false } row)
                    return Turn.Gone;
                if (TerminationOf(row, mail) is { } terminated)
                    return End(row, mail, terminated);
                instance.Loaded = instance.IsHeld ? null : Load(row, wake);
                if (instance.Loaded is null)
                    return Turn.Held;
            }

            var loaded = instance.Loaded;
            return loaded.HistoryLength == 0 && !mail.Any(instance.IsBegunBy) ? Turn.NotStarted : Run(loaded, mail, Current(loaded, mail));
        }
        catch (Exception exception)
        {
            return Turn.Faulted(exception);
        }
    }

    private static IReadOnlyList<HistoryEvent> Current(LoadedExecution loaded, IReadOnlyList<InboxMessage> mail)
    {
        var current = mail.Where(message => message.Execution is null || message.Execution == loaded.Row.Execution).Select(message => message.Event).ToList();

        // What is terminated before it has started need not start.
        return loaded.HistoryLength == 0 && current.OfType<ExecutionTerminated>().FirstOrDefault() is { } terminated
            ? [terminated]
            : [.. current.OrderBy(message => message is not ExecutionStarted).SelectMany(WithCarried)];
    }

    private static IEnumerable<HistoryEvent> WithCarried(HistoryEvent message) =>
        message is ExecutionStarted { Carried: { } carried } started ? [started with { Carried = null }, .. carried] : [message];

    private Turn Run(LoadedExecution loaded, IReadOnlyList<InboxMessage> mail, IReadOnlyList<HistoryEvent> current)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new Turn(TurnOutcome.Ran, new EpisodeStep(loaded.Row, loaded.HistoryLength, mail, loaded.Execution.RunEpisode(now, current), now));
    }

    private static ExecutionTerminated? TerminationOf(InstanceRow row, IReadOnlyList<InboxMessage> mail) =>
        mail.Where(message => message.Execution is null || message.Execution == row.Execution).Select(message => message.Event).OfType<ExecutionTerminated>().FirstOrDefault();

    // Its end needs none of its history and none of its code: that may be what cannot be read, or what never comes back.
    private Turn End(InstanceRow row, IReadOnlyList<InboxMessage> mail, ExecutionTerminated terminated) =>
        Run(new LoadedExecution(row, createExecution(row, static () => { }), reader.GetNextSequence(row.Key)), mail, [terminated]);

    /// <returns>Null when the instance is to be held back.</returns>
    private LoadedExecution? Load(InstanceRow row, Action wake)
    {
        var execution = createExecution(row, wake);
        if (versions.Check(row.Version) is { } mismatch)
        {
            LogVersionMismatch(row.InstanceId, mismatch.ErrorMessage);
            execution.Refuse(mismatch);
            return versions.FailsMismatches ? new LoadedExecution(row, execution, reader.GetNextSequence(row.Key)) : null;
        }

        IReadOnlyList<HistoryEvent> history;
        try
        {
            history = reader.GetHistory(row);
        }
        catch (InvalidDataException unreadable)
        {
            LogUnreadable(unreadable, row.InstanceId, unreadable.Message);
            return null;
        }

        execution.Replay(history);
        return new LoadedExecution(row, execution, history.Count);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orchestration {InstanceId} is not run by this code. {Reason}")]
    private partial void LogVersionMismatch(string instanceId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Orchestration {InstanceId} is held back, and the others go on. {Reason}")]
    private partial void LogUnreadable(Exception exception, string instanceId, string reason);
}

internal enum TurnOutcome
{
    /// <summary>The code ran; its step is to be stored.</summary>
    Ran,

    /// <summary>The instance is finished, or there is none any more.</summary>
    Gone,

    /// <summary>There is mail, but not yet that which starts the instance.</summary>
    NotStarted,

    /// <summary>The instance is of a version that this code does not run, or has what it cannot read.</summary>
    Held,

    Faulted,
}

/// <param name="Outcome">What came of the turn.</param>
/// <param name="Step">The episode's step, when the code ran.</param>
/// <param name="Fault">Why it could not be run or stored.</param>
internal sealed record Turn(TurnOutcome Outcome, EpisodeStep? Step = null, Exception? Fault = null)
{
    public static readonly Turn Gone = new(TurnOutcome.Gone);

    public static readonly Turn NotStarted = new(TurnOutcome.NotStarted);

    public static readonly Turn Held = new(TurnOutcome.Held);

    public static Turn Faulted(Exception fault) => new(TurnOutcome.Faulted, Fault: fault);
}
