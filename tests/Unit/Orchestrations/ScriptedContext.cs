using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Serverless.Tests.Unit.Orchestrations;

/// <summary>An orchestration whose activities give what a test says, at once.</summary>
/// <param name="input">The orchestration's input.</param>
/// <param name="activities">What each activity gives for its input, by its name.</param>
internal sealed class ScriptedContext(object input, IReadOnlyDictionary<string, Func<object?, object>> activities) : TaskOrchestrationContext
{
    private readonly List<string> called = [];
    private readonly List<object?> statuses = [];

    /// <summary>The activities that were called, in their order.</summary>
    public IReadOnlyList<string> Called => called;

    /// <summary>Each custom status that was set, in their order.</summary>
    public IReadOnlyList<object?> Statuses => statuses;

    public override TaskName Name => "Scripted";

    public override string InstanceId => "scripted";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime { get; } = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public override T? GetInput<T>()
        where T : default => (T)input;

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        called.Add(name.Name);
        return Task.FromResult((TResult)activities[name.Name](input));
    }

    public override void SetCustomStatus(object? customStatus) => statuses.Add(customStatus);

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) => throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();
}
