using Microsoft.DurableTask;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>What the orchestrator's code has asked for and has no answer to yet.</summary>
internal sealed class OpenTask(string name)
{
    // Not asynchronous: the code goes on within the episode that brings the answer.
    private readonly TaskCompletionSource<string?> _completion = new();

    public Task<string?> Task => _completion.Task;

    public CancellationTokenRegistration Cancellation { get; set; }

    public void Succeed(string? result) => _completion.SetResult(result);

    public void Fail(int taskId, FailureRecord failure) =>
        _completion.SetException(new TaskFailedException(name, taskId, failure.ToDetails()) { IsNonRetriable = failure.IsNonRetriable });

    public void Cancel(CancellationToken cancellationToken) => _completion.SetCanceled(cancellationToken);
}
