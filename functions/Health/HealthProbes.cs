using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Http;
using Serverless.Platform.Storage;

namespace Serverless.Functions.Health;

/// <summary>What Kubernetes asks: is the process alive, and can it take work. Open to all, since probes carry no key.</summary>
public sealed class HealthProbes(StorageReadiness storage)
{
    [Function(nameof(Live))]
    public static IActionResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        Responses.Ok(new { Status = "live" });

    [Function(nameof(Ready))]
    public async Task<IActionResult> Ready(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken) =>
        await storage.FindFaultAsync(cancellationToken) is { } fault
            ? Responses.Problem(503, "Not ready", fault)
            : Responses.Ok(new { Status = "ready" });
}
