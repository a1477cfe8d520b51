using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Tests.Integration.Embedded;

public sealed record Order(string Id, int Quantity);

public sealed class QueueFunctions(Journal journal)
{
    [Function("QueueText")]
    public Task Text([QueueTrigger("%queue%")] string message, int dequeueCount, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{message}#{dequeueCount}", cancellationToken);

    [Function("QueueOrder")]
    public Task Order([QueueTrigger("%queue%")] Order order, FunctionContext context, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{order.Id}x{order.Quantity} {context.FunctionDefinition.Name} {context.BindingContext.BindingData["DequeueCount"]}", cancellationToken);

    [Function("QueueRaw")]
    public Task Raw([QueueTrigger("%queue%")] QueueMessage message, string id, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{message.Body} {message.MessageId == id}", cancellationToken);

    [Function("QueueInvocation")]
    public Task Invocation([QueueTrigger("%queue%")] QueueMessage message, FunctionContext context, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{message.MessageId} {context.InvocationId} {message.DequeueCount}", cancellationToken);

    [Function("QueueProperties")]
    public Task Properties([QueueTrigger("%queue%")] string message, string id, bool? rush, string? note, CancellationToken cancellationToken, int quantity = -1) =>
        journal.NoteAsync($"{id} {quantity} {message.Length > 0 && rush == true} {note ?? "none"}", cancellationToken);

    [Function("QueueNeeds")]
    public Task Needs([QueueTrigger("%queue%")] string message, int quantity, CancellationToken cancellationToken) => journal.NoteAsync($"{message}{quantity}", cancellationToken);

    [Function("QueueBytes")]
    public static Task Bytes([QueueTrigger("%queue%")] byte[] message, FunctionContext context, CancellationToken cancellationToken) =>
        context.InstanceServices.GetRequiredService<Journal>().NoteAsync(Convert.ToHexString(message), cancellationToken);
}

public sealed class BlobFunctions(Journal journal)
{
    [Function("BlobText")]
    public Task Text([BlobTrigger("%container%/{name}")] string content, string name, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{name}={content}", cancellationToken);

    [Function("BlobParts")]
    public async Task Parts(
        [BlobTrigger("%container%/in/{model}/{file}.csv", Source = BlobTriggerSource.LogsAndContainerScan)] Stream content,
        string model, string file, FunctionContext context, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content);
        await journal.NoteAsync($"{model}:{file}:{await reader.ReadToEndAsync(cancellationToken)}:{context.BindingContext.BindingData["BlobTrigger"]}", cancellationToken);
    }

    [Function("BlobOfEvents")]
    public Task OfEvents([BlobTrigger("%container%/{name}", Source = BlobTriggerSource.EventGrid)] string content, string name, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{name}={content}", cancellationToken);

    [Function("BlobData")]
    public Task Data(
        [BlobTrigger("%container%/{name}")] string content, string name, Uri uri, IDictionary<string, string> metadata, BlobProperties properties, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{name}={content} {uri.AbsolutePath.EndsWith(name, StringComparison.Ordinal)} {metadata["colour"]} {properties.GetType().Name}", cancellationToken);

    [Function("BlobClientOnly")]
    public async Task Client([BlobTrigger("%container%/{name}")] BlobClient blob, CancellationToken cancellationToken) =>
        await journal.NoteAsync($"{blob.Name} {(await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength}", cancellationToken);
}

public sealed class TimerFunctions(Journal journal)
{
    [Function("Tick")]
    public Task Tick([TimerTrigger("%schedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        journal.NoteAsync($"tick {(timer.IsPastDue ? "late" : "on time")} {(timer.ScheduleStatus is null ? "unmonitored" : "monitored")}", cancellationToken);

    [Function("Quarterly")]
    public Task Quarterly([TimerTrigger("0 */15 * * * *", UseMonitor = false)] TimerInfo timer, CancellationToken cancellationToken) =>
        journal.NoteAsync(timer.IsPastDue ? "quarter, late" : "quarter", cancellationToken);

    [Function("TellStatus")]
    public Task TellStatus([TimerTrigger("0 0 3 1 1 *")] TimerInfo timer, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{timer.ScheduleStatus?.Last.ToUniversalTime():u} {timer.ScheduleStatus?.Next.ToUniversalTime():u} {timer.IsPastDue}", cancellationToken);

    [Function("TickAtStart")]
    public Task AtStart([TimerTrigger("0 0 3 * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken) =>
        journal.NoteAsync($"start {timer.IsPastDue}", cancellationToken);

    [Function("Retried")]
    [FixedDelayRetry(2, "00:00:00.050")]
    public Task Retried([TimerTrigger("0 0 3 * * *", RunOnStartup = true)] OwnTimerInfo timer, FunctionContext context, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{context.RetryContext?.RetryCount}/{context.RetryContext?.MaxRetryCount} {timer.ScheduleStatus?.Next > DateTime.Now}", cancellationToken);
}

/// <summary>As the templates once had it, before the worker's own type.</summary>
public sealed class OwnTimerInfo
{
    public OwnScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}

public sealed class OwnScheduleStatus
{
    public DateTime Next { get; set; }
}

public static class HttpFunctionsSample
{
    [Function("Hello")]
    public static IActionResult Hello([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        new OkObjectResult(new { Greeting = $"Hello {request.Query["name"]}" });

    [Function("GetThing")]
    public static async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{name}/{number:int?}")] HttpRequest request, string name, int? number, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return new ContentResult { Content = $"{request.Method} {name} {number?.ToString(null, null) ?? "none"} {cancellationToken.CanBeCanceled}", StatusCode = 203 };
    }

    [Function("PostOrder")]
    public static IResult Post([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orders")] HttpRequest request, [Microsoft.Azure.Functions.Worker.Http.FromBody] Order order) =>
        Results.Created($"{request.Path}/{order.Id}", order);

    [Function("Guarded")]
    public static IResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text(request.Method);

    [Function("Broken")]
    public static IActionResult Broken([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException("the secret of " + request.Path);

    [Function("Where")]
    public static IResult Where([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context) =>
        Results.Text($"{ReferenceEquals(context.GetHttpContext(), request.HttpContext)} {(context.Items.TryGetValue("middleware", out var middleware) ? middleware : null)}");

    [Function("Echo")]
    public static async Task<IActionResult> Echo([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        return new OkObjectResult((await reader.ReadToEndAsync(cancellationToken)).Length);
    }
}
