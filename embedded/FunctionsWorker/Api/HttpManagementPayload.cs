using System.Net;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Http;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The addresses at which one orchestration instance is watched and managed.</summary>
public class HttpManagementPayload
{
    public string? Id { get; internal init; }

    public string? StatusQueryGetUri { get; internal init; }

    /// <summary>Ends in <c>/raiseEvent/{eventName}</c>.</summary>
    public string? SendEventPostUri { get; internal init; }

    public string? TerminatePostUri { get; internal init; }

    public string? RewindPostUri { get; internal init; }

    public string? PurgeHistoryDeleteUri { get; internal init; }

    public string? RestartPostUri { get; internal init; }

    public string? SuspendPostUri { get; internal init; }

    public string? ResumePostUri { get; internal init; }
}

public static class DurableTaskClientExtensions
{
    /// <inheritdoc cref="CreateCheckStatusResponse(DurableTaskClient, HttpRequestData, string, HttpStatusCode, CancellationToken)"/>
    public static Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default) =>
        client.CreateCheckStatusResponseAsync(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <inheritdoc cref="CreateCheckStatusResponse(DurableTaskClient, HttpRequestData, string, HttpStatusCode, CancellationToken)"/>
    public static async Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode, CancellationToken cancellation = default)
    {
        var (response, payload) = Prepare(client, request, instanceId, statusCode);
        await response.FunctionContext.WorkerSerializer().SerializeAsync(response.Body, payload, typeof(HttpManagementPayload), cancellation);
        return response;
    }

    /// <inheritdoc cref="CreateCheckStatusResponse(DurableTaskClient, HttpRequestData, string, HttpStatusCode, CancellationToken)"/>
    public static HttpResponseData CreateCheckStatusResponse(
        this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default) =>
        client.CreateCheckStatusResponse(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <summary>A response of the given status, 202 by default, whose Location is where the instance is watched and whose body is its management addresses.</summary>
    public static HttpResponseData CreateCheckStatusResponse(
        this DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode, CancellationToken cancellation = default)
    {
        var (response, payload) = Prepare(client, request, instanceId, statusCode);
        response.FunctionContext.WorkerSerializer().Serialize(response.Body, payload, typeof(HttpManagementPayload), cancellation);
        return response;
    }

    /// <summary>The management addresses of an instance, below the request's address or, without one, the host's own.</summary>
    /// <exception cref="ArgumentException">The instance id is null or empty.</exception>
    /// <exception cref="InvalidOperationException">No request was given and the client does not come from a <c>[DurableClient]</c> binding.</exception>
    public static HttpManagementPayload CreateHttpManagementPayload(this DurableTaskClient client, string instanceId, HttpRequestData? request = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (client is BoundDurableTaskClient bound)
            return bound.Links.ForFunctions(request, instanceId);
        return request is not null
            ? ManagementLinks.WithoutCode(request, instanceId)
            : throw new InvalidOperationException("The host's address is not known to this client. Use a client bound by [DurableClient], or pass the HTTP request.");
    }

    private static (HttpResponseData Response, HttpManagementPayload Payload) Prepare(
        DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        var payload = client.CreateHttpManagementPayload(instanceId, request);
        var response = request.CreateResponse(statusCode);
        response.Headers.Add("Location", payload.StatusQueryGetUri);
        response.Headers.Add("Content-Type", "application/json");
        return (response, payload);
    }
}
