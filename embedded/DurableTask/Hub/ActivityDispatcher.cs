using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>Runs activities, no more at a time than allowed, in the order they were scheduled.</summary>
internal sealed partial class ActivityDispatcher(
    IReadOnlyDictionary<string, Func<ActivityWorkItem, CancellationToken, Task<object?>>> activities,
    TaskHubOptions options,
    DataConverter converter,
    Action<PendingActivity, HistoryEvent> complete,
    ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly Queue<PendingActivity> _queue = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GiveUpSignal _giveUp = new(logger);
    private readonly ILogger _logger = logger;
    private int _running;
    private bool _isStopped;

    public void Add(IReadOnlyList<PendingActivity> activities)
    {
        if (activities.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var activity in activities)
                _queue.Enqueue(activity);
            StartNext();
        }
    }

    /// <summary>Starts no more; ends when none runs any more.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _isStopped = true;
            if (_running == 0)
                _idle.TrySetResult();
        }

        return _idle.Task;
    }

    /// <summary>Cancels what runs and forgets it: it has no result, and will run again after the next start.</summary>
    public void GiveUp() => _giveUp.Give();

    private void StartNext()
    {
        while (!_isStopped && _running < options.MaxConcurrentActivities && _queue.TryDequeue(out var activity))
        {
            _running++;

            // Unsafe: the activity must not inherit the context of whoever happened to schedule it.
            ThreadPool.UnsafeQueueUserWorkItem(next => _ = RunAsync(next), activity, preferLocal: false);
        }
    }

    private async Task RunAsync(PendingActivity activity)
    {
        var result = await GetResultAsync(activity);
        if (result is not null && !_giveUp.IsGiven)
            complete(activity, result);
        else
            LogGivenUp(activity.Name, activity.TaskId, activity.InstanceId);
        lock (_lock)
        {
            _running--;
            StartNext();
            if (_isStopped && _running == 0)
                _idle.TrySetResult();
        }
    }

    private async Task<HistoryEvent?> GetResultAsync(PendingActivity activity)
    {
        if (!activities.TryGetValue(activity.Name, out var run))
        {
            LogNotFound(activity.Name, activity.InstanceId);
            return new ActivityFailed(activity.TaskId, new FailureRecord(
                "ActivityTaskNotFound",
                $"No activity named '{activity.Name}' is registered. Check the name, or register it. Registered are: {string.Join(", ", activities.Keys.Order())}.",
                IsNonRetriable: true));
        }

        try
        {
            var output = await run(new ActivityWorkItem(activity.Name, activity.InstanceId, activity.TaskId, activity.Input), _giveUp.Token);
            return new ActivityCompleted(activity.TaskId, converter.Serialize(output));
        }
        catch (OperationCanceledException) when (_giveUp.IsGiven)
        {
            return null;
        }
        catch (Exception exception)
        {
            LogFailed(exception, activity.Name, activity.TaskId, activity.InstanceId);
            return new ActivityFailed(activity.TaskId, FailureRecord.From(exception, options.ExceptionProperties));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Activity {Activity} (task {TaskId} of {InstanceId}) failed.")]
    private partial void LogFailed(Exception exception, string activity, int taskId, string instanceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Activity {Activity}, called by {InstanceId}, is not registered.")]
    private partial void LogNotFound(string activity, string instanceId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Activity {Activity} (task {TaskId} of {InstanceId}) was given up; it will run again after the next start.")]
    private partial void LogGivenUp(string activity, int taskId, string instanceId);
}
