using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Tests.Benchmarks;

/// <summary>The embedded host in a process of its own, as shipped: with functions that do next to nothing.</summary>
internal static class HostedApp
{
    public const string Argument = "hosted-app";

    /// <param name="url">The address to listen on.</param>
    /// <param name="folder">For the durable state.</param>
    /// <param name="storage">The connection string; "none" for HTTP functions alone.</param>
    public static Task RunAsync(string url, string folder, string storage)
    {
        string[] functions = storage == "none" ? ["BenchText", "BenchOrder"] : ["BenchText", "BenchState", "BenchIdleQueue", "BenchIdleBlob", "BenchIdleTimer"];
        var builder = EmbeddedFunctions.CreateBuilder(
            [
                $"--EmbeddedHost:Urls={url}", $"--EmbeddedHost:StateDirectory={folder}", $"--AzureWebJobsStorage={storage}",
                .. functions.Select((name, index) => $"--AzureFunctionsJobHost:functions:{index}={name}"),
            ],
            new EmbeddedApp { Directory = folder, Assemblies = [typeof(HostedApp).Assembly], Name = "bench-http" });
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton(new OutgoingRequests());
        return builder.Build().RunAsync();
    }
}

/// <summary>The yardstick: the same code on Kestrel alone.</summary>
internal static class BareApp
{
    public const string Argument = "bare-app";

    public static Task RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // As in the templates' settings, and in the host: no lines of the framework's own for each request.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        var app = builder.Build();
        app.MapGet("api/benchtext", HttpFunctions.Text);
        app.MapPost("api/benchorder", HttpFunctions.OrderAsync);
        return app.RunAsync(url);
    }
}

/// <summary>What a function of either app answers.</summary>
public sealed record BenchOrder(string Id, int Quantity, decimal Price);

/// <summary>The code that both apps run.</summary>
public static class HttpFunctions
{
    [Function("BenchText")]
    public static IResult Text([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text($"Hello {request.Query["name"]}");

    [Function("BenchOrder")]
    public static async Task<IResult> OrderAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellationToken)
    {
        var order = await request.ReadFromJsonAsync<BenchOrder>(cancellationToken);
        return order is null ? Results.BadRequest() : Results.Json(order with { Quantity = order.Quantity + 1 });
    }
}

/// <summary>The functions of an app at rest: each listens, none has anything to do.</summary>
public sealed class IdleFunctions(OutgoingRequests requests)
{
    [Function("BenchState")]
    public IResult State([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var process = Process.GetCurrentProcess();
        return Results.Json(new IdleState(process.TotalProcessorTime.TotalSeconds, process.WorkingSet64, requests.Count));
    }

    [Function("BenchIdleQueue")]
    public static void Queue([QueueTrigger("bench-idle")] string message) => ArgumentNullException.ThrowIfNull(message);

    [Function("BenchIdleBlob")]
    public static void Blob([BlobTrigger("bench-idle/{name}")] string content, string name) => ArgumentNullException.ThrowIfNull(content + name);

    [Function("BenchIdleTimer")]
    public static void Timer([TimerTrigger("0 0 3 * * *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
}

/// <param name="CpuSeconds">Used since the process began.</param>
/// <param name="WorkingSet">Bytes.</param>
/// <param name="Requests">Sent to storage since the process began.</param>
public sealed record IdleState(double CpuSeconds, long WorkingSet, long Requests);

/// <summary>Counts the requests that this process sends.</summary>
public sealed class OutgoingRequests : IDisposable
{
    private readonly MeterListener meters = new();
    private long count;

    public OutgoingRequests()
    {
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "System.Net.Http" && instrument.Name == "http.client.request.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref count));
        meters.Start();
    }

    public long Count => Interlocked.Read(ref count);

    public void Dispose() => meters.Dispose();
}
