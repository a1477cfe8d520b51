using Azure.Storage.Blobs;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>Several outputs of one function, and its answer to a request.</summary>
public sealed class Receipt
{
    [HttpResult]
    public required IActionResult Answer { get; init; }

    [QueueOutput("%out-queue%")]
    public IReadOnlyList<Order>? Orders { get; init; }

    [BlobOutput("%container%/receipts/{id}.json")]
    public Order? Copy { get; init; }

    public string Note { get; init; } = "goes nowhere";
}

public sealed class Copies
{
    [BlobOutput("{queueTrigger}/copy.txt")]
    public string? Text { get; init; }

    [QueueOutput("%out-queue%")]
    public string? Message { get; init; }
}

public sealed class OutputFunctions(Journal journal)
{
    [Function("ReturnToQueue")]
    [QueueOutput("%out-queue%")]
    public async Task<string?> ToQueue([QueueTrigger("%queue%")] string message, CancellationToken cancellationToken)
    {
        await journal.NoteAsync(message, cancellationToken);
        return message == "nothing" ? null : message;
    }

    [Function("QueueSecond")]
    public Task Second([QueueTrigger("%out-queue%")] string message, CancellationToken cancellationToken) => journal.NoteAsync($"second {message}", cancellationToken);

    [Function("ReturnToBlob")]
    [BlobOutput("%container%/orders/{Id}/{customer.city}-{rand-guid}.json")]
    public static Order ToBlob([QueueTrigger("%queue%")] Order order, string id) => order with { Id = id };

    [Function("ReturnCopies")]
    public async Task<Copies> ToBoth([QueueTrigger("%queue%")] string message, CancellationToken cancellationToken)
    {
        await journal.NoteAsync(message, cancellationToken);
        return new Copies { Text = message, Message = message };
    }

    [Function("PostReceipt")]
    public static Receipt Post([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "receipts/{id}")] HttpRequest request, string id) => new()
    {
        Answer = new AcceptedResult($"{request.Path}", id),
        Orders = [new Order(id, 1), new Order(id, 2)],
        Copy = new Order(id, 3),
    };

    [Function("CopyBlob")]
    [BlobOutput("%container%/out/{name}")]
    public static byte[] Copy([BlobTrigger("%container%/in/{name}")] byte[] content) => [.. content.Reverse()];
}

public sealed class BlobInputFunctions(Journal journal)
{
    [Function("InputText")]
    public Task Text([QueueTrigger("%queue%")] string message, [BlobInput("%container%/{queueTrigger}")] string content, CancellationToken cancellationToken) =>
        journal.NoteAsync($"{message}={content}", cancellationToken);

    [Function("InputMany")]
    public async Task Many(
        [QueueTrigger("%queue%")] QueueMessage message, [BlobInput("%container%/texts")] IEnumerable<string> texts, [BlobInput("%container%")] BlobContainerClient container,
        [BlobInput("%container%/order.json")] Order order, [BlobInput("%container%/texts/1.txt")] Stream stream, [BlobInput("%container%/texts/1.txt")] byte[] bytes,
        [BlobInput("%container%")] BlobClient[] all, [BlobInput("%container%/missing.txt")] BlobClient missing, FunctionContext context, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream);
        var read = await reader.ReadToEndAsync(cancellationToken);
        await journal.NoteAsync(
            $"{message.Body} {string.Join('+', texts)} {container.Name.Length} {order.Quantity} {read} {bytes.Length} {string.Join('+', all.Select(blob => blob.Name))} "
            + $"{(await missing.ExistsAsync(cancellationToken)).Value} {string.Join('+', context.FunctionDefinition.InputBindings.Values.Select(binding => binding.Type).Distinct().Order())}",
            cancellationToken);
    }
}
