using DurableTask.Core;
using Core = DurableTask.Core.History;

namespace Serverless.Embedded.DurableTask.History;

/// <summary>Gives a history in the form of the Durable Task Framework. Entries are dated by the step that recorded them.</summary>
internal sealed class CoreHistory
{
    private readonly List<Core.HistoryEvent> _events = [];
    private readonly Dictionary<int, DateTime> _fireTimes = [];
    private DateTime _utc;
    private bool _isInEpisode;

    public static IList<Core.HistoryEvent> Of(IReadOnlyList<HistoryEvent> history)
    {
        var core = new CoreHistory();
        foreach (var historyEvent in history)
            core.Add(historyEvent);
        core.EndEpisode();
        return core._events;
    }

    private void Add(HistoryEvent historyEvent)
    {
        if (historyEvent is EpisodeStarted episode)
        {
            EndEpisode();
            _utc = episode.Utc;
            _isInEpisode = true;
        }

        if (Convert(historyEvent) is { } converted)
            Add(converted);
    }

    private void Add(Core.HistoryEvent converted)
    {
        converted.Timestamp = _utc;
        _events.Add(converted);
    }

    private void EndEpisode()
    {
        if (_isInEpisode)
            Add(new Core.OrchestratorCompletedEvent());
        _isInEpisode = false;
    }

    private Core.HistoryEvent? Convert(HistoryEvent historyEvent) => historyEvent switch
    {
        EpisodeStarted => new Core.OrchestratorStartedEvent(),
        ExecutionStarted started => new Core.ExecutionStartedEvent { Name = started.Name, Version = started.Version, Input = started.Input, Tags = started.Tags },
        ExecutionCompleted { IsSuccess: true } completed => new Core.ExecutionCompletedEvent { OrchestrationStatus = OrchestrationStatus.Completed, Result = completed.Output },
        ExecutionCompleted failed => new Core.ExecutionCompletedEvent
        {
            OrchestrationStatus = OrchestrationStatus.Failed,
            Result = failed.Failure?.ErrorMessage,
            FailureDetails = Convert(failed.Failure),
        },
        ExecutionTerminated terminated => new Core.ExecutionTerminatedEvent { Input = terminated.Output },
        ExecutionSuspended suspended => new Core.ExecutionSuspendedEvent { Reason = suspended.Reason },
        ExecutionResumed resumed => new Core.ExecutionResumedEvent { Reason = resumed.Reason },
        ExecutionRewound rewound => new Core.ExecutionRewoundEvent { Reason = rewound.Reason },
        ActivityScheduled activity => new Core.TaskScheduledEvent { EventId = activity.TaskId, Name = activity.Name, Tags = activity.Tags },
        ActivityCompleted completed => new Core.TaskCompletedEvent { TaskScheduledId = completed.TaskId, Result = completed.Result },
        ActivityFailed failed => new Core.TaskFailedEvent
        {
            TaskScheduledId = failed.TaskId,
            Reason = failed.Failure.ErrorMessage,
            FailureDetails = Convert(failed.Failure),
        },
        TimerCreated timer => Created(timer),
        TimerFired fired => new Core.TimerFiredEvent { TimerId = fired.TaskId, FireAt = _fireTimes.GetValueOrDefault(fired.TaskId) },
        ChildScheduled child => new Core.SubOrchestrationInstanceCreatedEvent { EventId = child.TaskId, Name = child.Name, InstanceId = child.InstanceId },
        ChildCompleted completed => new Core.SubOrchestrationInstanceCompletedEvent { TaskScheduledId = completed.TaskId, Result = completed.Result },
        ChildFailed failed => new Core.SubOrchestrationInstanceFailedEvent
        {
            TaskScheduledId = failed.TaskId,
            Reason = failed.Failure.ErrorMessage,
            FailureDetails = Convert(failed.Failure),
        },
        EventSent sent => new Core.EventSentEvent { EventId = sent.TaskId, InstanceId = sent.InstanceId, Name = sent.Name },
        EventRaised raised => new Core.EventRaisedEvent { Name = raised.Name, Input = raised.Data },
        _ => null,
    };

    private Core.TimerCreatedEvent Created(TimerCreated timer)
    {
        _fireTimes[timer.TaskId] = timer.FireAt;
        return new Core.TimerCreatedEvent { EventId = timer.TaskId, FireAt = timer.FireAt };
    }

    private static FailureDetails? Convert(FailureRecord? failure) => failure is null
        ? null
        : new FailureDetails(
            failure.ErrorType, failure.ErrorMessage, failure.StackTrace, Convert(failure.Inner), failure.IsNonRetriable, failure.ToDetails().Properties);
}
