using Azure.Storage.Blobs;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class StorageBindingTests
{
    [Fact]
    public void Of_FunctionsWithInputsAndOutputs_DescribeThem()
    {
        var (catalog, problems) = FunctionCatalogTests.Of(typeof(GoodFunctions), ("out", "results"));

        Assert.Empty(problems);
        var bindings = catalog.Running.ToDictionary(
            function => function.Name,
            function => string.Join(' ', function.InputBindings.Concat(function.OutputBindings).Select(entry => $"{entry.Value.Direction}:{entry.Key}:{entry.Value.Type}").Order(StringComparer.Ordinal)));
        Assert.Equal("In:message:queueTrigger Out:$return:queue", bindings["OfResult"]);
        Assert.Equal("In:request:httpTrigger Out:Answer:http Out:Copy:blob Out:Notes:queue", bindings["OfProperties"]);
        Assert.Equal("In:request:httpTrigger Out:$return:http", bindings["Plain"]);
        Assert.Equal("In:all:blob In:message:queueTrigger In:one:blob", bindings["Inputs"]);
    }

    [Theory]
    [InlineData(typeof(TwoOnMethod), "has 2 output bindings on its method, which has one result")]
    [InlineData(typeof(MethodAndProperty), "has an output binding on its method and others on properties of Both")]
    [InlineData(typeof(NothingReturned), "returns nothing to write")]
    [InlineData(typeof(StreamReturned), "A Stream would be written as the name of its type")]
    [InlineData(typeof(BadOutputQueue), "names the queue 'no_queue', which storage refuses; expected 3 to 63")]
    [InlineData(typeof(BadOutputContainer), "begins with 'ab', which is not a container's name")]
    [InlineData(typeof(NoBlob), "The blob path 'results' names no blob")]
    [InlineData(typeof(BadExpression), "'results/{a' has a single brace")]
    [InlineData(typeof(NoAnswer), "mark exactly one property [HttpResult]")]
    [InlineData(typeof(InheritedOutput), "inherits the output binding of Text; the genuine worker overlooks inherited ones")]
    [InlineData(typeof(WritingOrchestrator), "which an orchestrator would write at each replay; write from an activity")]
    [InlineData(typeof(BlobClientWithExpression), "is a BlobClient, which the genuine host cannot give while another binding of the function holds an expression ('results/{name}')")]
    [InlineData(typeof(QueueMessageWithExpression), "is a QueueMessage, which the genuine host cannot give while another binding of the function holds an expression ('files/{queueTrigger}')")]
    [InlineData(typeof(BinaryDataOfBlob), "is a BinaryData, which its trigger cannot give; expected Stream, string, byte[], BlobClient")]
    [InlineData(typeof(ContainersInput), "which a blob cannot give; expected Stream")]
    public void Of_WrongBinding_SaysWhatAndWhere(Type functions, string expected) =>
        Assert.Contains(FunctionCatalogTests.Of(functions).Problems, problem => problem.Contains(expected, StringComparison.Ordinal));

    public sealed class Several
    {
        [HttpResult]
        public IActionResult? Answer { get; init; }

        [BlobOutput("results/{id}")]
        public string? Copy { get; init; }

        [QueueOutput("%out%")]
        public string[]? Notes { get; init; }
    }

    public static class GoodFunctions
    {
        [Function("OfResult")]
        [QueueOutput("Results")]
        public static Task<string> OfResult([QueueTrigger("ORDERS")] string message) => throw new NotSupportedException(message);

        [Function("OfProperties")]
        public static Several OfProperties([HttpTrigger(Route = "things/{id}")] HttpRequest request) => throw new NotSupportedException($"{request}");

        [Function("Plain")]
        public static IActionResult Plain([HttpTrigger] HttpRequest request) => throw new NotSupportedException($"{request}");

        [Function("Inputs")]
        public static void Inputs([QueueTrigger("orders")] string message, [BlobInput("files/{queueTrigger}")] BlobClient one, [BlobInput("files")] IReadOnlyList<string> all) =>
            throw new NotSupportedException($"{message}{one}{all}");
    }

    public static class TwoOnMethod
    {
        [Function("TwoOnMethod")]
        [QueueOutput("results")]
        [BlobOutput("results/a")]
        public static string Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public sealed class Both
    {
        [QueueOutput("results")]
        public string? Text { get; init; }
    }

    public static class MethodAndProperty
    {
        [Function("MethodAndProperty")]
        [BlobOutput("results/a")]
        public static Both Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class NothingReturned
    {
        [Function("NothingReturned")]
        [QueueOutput("results")]
        public static Task Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class StreamReturned
    {
        [Function("StreamReturned")]
        [BlobOutput("results/a")]
        public static Stream Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class BadOutputQueue
    {
        [Function("BadOutputQueue")]
        [QueueOutput("no_queue")]
        public static string Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class BadOutputContainer
    {
        [Function("BadOutputContainer")]
        [BlobOutput("ab/{queueTrigger}")]
        public static string Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class NoBlob
    {
        [Function("NoBlob")]
        [BlobOutput("results")]
        public static string Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class BadExpression
    {
        [Function("BadExpression")]
        [BlobOutput("results/{a")]
        public static string Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class NoAnswer
    {
        [Function("NoAnswer")]
        public static Both Run([HttpTrigger] HttpRequest request) => throw new NotSupportedException($"{request}");
    }

    public class WithOutput
    {
        [QueueOutput("results")]
        public string? Text { get; init; }
    }

    public sealed class Derived : WithOutput;

    public static class InheritedOutput
    {
        [Function("InheritedOutput")]
        public static Derived Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class WritingOrchestrator
    {
        [Function("WritingOrchestrator")]
        [QueueOutput("results")]
        public static Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => throw new NotSupportedException($"{context}");
    }

    public static class BlobClientWithExpression
    {
        [Function("BlobClientWithExpression")]
        [BlobOutput("results/{name}")]
        public static string Run([BlobTrigger("files/{name}")] BlobClient blob) => throw new NotSupportedException($"{blob}");
    }

    public static class QueueMessageWithExpression
    {
        [Function("QueueMessageWithExpression")]
        public static void Run([QueueTrigger("orders")] QueueMessage message, [BlobInput("files/{queueTrigger}")] string content) => throw new NotSupportedException($"{message}{content}");
    }

    public static class BinaryDataOfBlob
    {
        [Function("BinaryDataOfBlob")]
        public static void Run([BlobTrigger("files/{name}")] BinaryData content) => throw new NotSupportedException($"{content}");
    }

    public static class ContainersInput
    {
        [Function("ContainersInput")]
        public static void Run([QueueTrigger("orders")] string message, [BlobInput("files")] BlobContainerClient[] containers) => throw new NotSupportedException($"{message}{containers}");
    }
}
