using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Http;
using Serverless.Orchestrations.Runs;

namespace Serverless.Functions.Runs;

/// <summary>What runs, and what ran.</summary>
public sealed class RunQueries(TimeProvider time)
{
    /// <summary>How far back runs are listed unless <c>?since=</c> says otherwise.</summary>
    private static readonly TimeSpan DefaultSince = TimeSpan.FromDays(1);

    /// <summary>The most runs that one answer lists, newest first.</summary>
    private const int MostRuns = 200;

    [Function(nameof(ListRuns))]
    public async Task<IActionResult> ListRuns(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - DefaultSince;
        if (request.Query["since"] is [{ Length: > 0 } asked, ..]
            && !DateTimeOffset.TryParse(asked, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since))
        {
            return Responses.Problem(400, "The time is not understood", $"Found since={asked}; expected ISO 8601, such as 2026-11-22T08:00:00Z.");
        }

        var before = DateTimeOffset.MaxValue;
        if (request.Query["before"] is [{ Length: > 0 } end, ..]
            && !DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out before))
        {
            return Responses.Problem(400, "The time is not understood", $"Found before={end}; expected ISO 8601, such as 2026-11-22T08:00:00Z.");
        }

        // The newest are kept and the rest let go as they come, so that a long history costs no memory.
        var newest = new PriorityQueue<RunView, DateTimeOffset>();
        await foreach (var instance in client
            .GetAllInstancesAsync(new OrchestrationQuery(CreatedFrom: since, FetchInputsAndOutputs: true))
            .WithCancellation(cancellationToken))
        {
            if (RunView.Kinds.Contains(instance.Name) && instance.CreatedAt < before)
            {
                newest.Enqueue(RunView.Of(instance), instance.CreatedAt);
                if (newest.Count > MostRuns)
                {
                    newest.Dequeue();
                }
            }
        }

        return Responses.Ok(new { Runs = newest.UnorderedItems.Select(item => item.Element).OrderByDescending(r => r.CreatedAt) });
    }

    [Function(nameof(GetRun))]
    public async Task<IActionResult> GetRun(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } instance && RunView.Kinds.Contains(instance.Name)
            ? Responses.Ok(RunView.Of(instance))
            : Responses.NotFound($"There is no run '{id}'.", "GET /runs lists the latest.");
}
