using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class FunctionCatalogTests
{
    [Fact]
    public void Of_FunctionsOfEveryKind_AreTaken()
    {
        var (catalog, problems) = Of(typeof(GoodFunctions));

        Assert.Empty(problems);
        Assert.Equal(
            ["Activity:activityTrigger", "Blob:blobTrigger", "Entity:entityTrigger", "Http:httpTrigger", "Orchestration:orchestrationTrigger", "Queue:queueTrigger", "Timer:timerTrigger"],
            catalog.Running.Select(function => $"{function.Name}:{function.Trigger.Type}"));
        Assert.Equal("api/things/{id:int}", catalog.TriggeredBy<HttpTriggerSpec>().Single().Trigger.Route);
        Assert.True(catalog.UsesDurableTasks);
    }

    [Fact]
    public void Of_SelectedFunctions_RunAlone()
    {
        var (catalog, problems) = Of(typeof(GoodFunctions), ("AzureFunctionsJobHost:functions:0", "queue"), ("AzureFunctionsJobHost:functions:1", "Blob"), ("AzureWebJobs.Blob.Disabled", "true"));

        Assert.Empty(problems);
        Assert.Equal(["Queue"], catalog.Running.Select(function => function.Name));
        Assert.Equal(["Activity", "Blob", "Entity", "Http", "Orchestration", "Timer"], catalog.SwitchedOff);
        Assert.False(catalog.UsesDurableTasks);
    }

    [Fact]
    public void Of_SelectionOfWhatIsNotThere_IsRefused() =>
        Assert.Contains("name 'Missing', which the app does not have", Assert.Single(Of(typeof(GoodFunctions), ("AzureFunctionsJobHost:functions:0", "Missing")).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(SameName), "'twice' is used 2 times")]
    [InlineData(typeof(NoTrigger), "has no trigger")]
    [InlineData(typeof(TwoTriggers), "has 2 triggers, on one, two")]
    [InlineData(typeof(BadQueueName), "parameter 'message' of the function 'BadQueueName'")]
    [InlineData(typeof(BadQueueName), "names the queue 'bad_orders', which storage refuses; expected 3 to 63 lower-case letters")]
    [InlineData(typeof(BadContainer), "begins with 'ab', which is not a container's name")]
    [InlineData(typeof(BadSchedule), "'daily' is neither an NCRONTAB expression")]
    [InlineData(typeof(BadType), "is a Stream, which its trigger cannot give; expected string, byte[], BinaryData, QueueMessage")]
    [InlineData(typeof(BadParameter), "is a IList<String> that nothing gives")]
    [InlineData(typeof(UnknownData), "BlobTrigger, Uri, Properties, Metadata")]
    [InlineData(typeof(MissingSetting), "app setting 'NoSuch'")]
    [InlineData(typeof(MissingConnection), "'Elsewhere' does not exist")]
    [InlineData(typeof(AsyncVoid), "is 'async void'")]
    [InlineData(typeof(BadRoute), "The route 'api/{a' is not valid")]
    [InlineData(typeof(BadClient), "marked [DurableClient]; expected DurableTaskClient")]
    [InlineData(typeof(BadName), "expected a letter, then up to 127")]
    [InlineData(typeof(SameEntity), "The entity 'shared' is implemented by several functions: First, Second")]
    [InlineData(typeof(BadEntityName), "'a@b' is empty or has an '@'")]
    [InlineData(typeof(BadEntityType), "is a String, which its trigger cannot give; expected TaskEntityDispatcher")]
    [InlineData(typeof(SameTask), "The orchestration 'Shared' is implemented by several functions: First, Second")]
    public void Of_WrongFunction_SaysWhatAndWhere(Type functions, string expected) =>
        Assert.Contains(Of(functions).Problems, problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Of_RouteOfTheHosts_IsRefused() => Assert.Contains(
        "begins with 'admin', under which the host's own addresses lie",
        Assert.Single(Of(typeof(ReservedRoute), ("AzureFunctionsJobHost:extensions:http:routePrefix", "")).Problems),
        StringComparison.Ordinal);

    [Fact]
    public void Of_PrivateMethod_IsRefused() =>
        Assert.Contains("is not public", Assert.Single(Of(typeof(NotPublic)).Problems), StringComparison.Ordinal);

    internal static (FunctionCatalog Catalog, List<string> Problems) Of(Type functions, params (string Key, string Value)[] settings)
    {
        var values = settings.Append(("AzureWebJobsStorage", "UseDevelopmentStorage=true")).ToDictionary(entry => entry.Item1, entry => (string?)entry.Item2);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var problems = new List<string>();
        var marked = FunctionScanner.FunctionsOf([Assembly.GetExecutingAssembly()]).Where(function => function.Method.DeclaringType == functions);
        var catalog = FunctionCatalog.Of(marked, HostSettings.Read(configuration, "app", problems), new AppSettings(configuration), problems);
        return (catalog, [.. problems, .. catalog.Unbound]);
    }

    public static class GoodFunctions
    {
        [Function("Queue")]
        public static void Queue([QueueTrigger("orders")] string message, int dequeueCount, FunctionContext context, CancellationToken cancellationToken) =>
            throw new NotSupportedException($"{message}{dequeueCount}{context}{cancellationToken}");

        [Function("Blob")]
        public static void Blob([BlobTrigger("files/{model}/{file}")] Stream content, string model, string file, Uri uri) =>
            throw new NotSupportedException($"{content}{model}{file}{uri}");

        [Function("Timer")]
        public static void Timer([TimerTrigger("0 0 3 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client) => throw new NotSupportedException($"{timer}{client}");

        [Function("Http")]
        public static IActionResult Http([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id:int}")] HttpRequest request, int id) =>
            throw new NotSupportedException($"{request}{id}");

        [Function("Orchestration")]
        public static Task<string> Orchestration([OrchestrationTrigger] TaskOrchestrationContext context, string input) => throw new NotSupportedException($"{context}{input}");

        [Function("Entity")]
        public static Task Entity([EntityTrigger] TaskEntityDispatcher dispatcher) => throw new NotSupportedException($"{dispatcher}");

        [Function("Activity")]
        public static Task Activity([ActivityTrigger] IReadOnlyList<string> input, string instanceId) => throw new NotSupportedException($"{input}{instanceId}");
    }

    public static class SameName
    {
        [Function("twice")]
        public static void One([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);

        [Function("Twice")]
        public static void Two([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class NoTrigger
    {
        [Function("NoTrigger")]
        public static void Run(string message) => throw new NotSupportedException(message);
    }

    public static class TwoTriggers
    {
        [Function("TwoTriggers")]
        public static void Run([QueueTrigger("orders")] string one, [QueueTrigger("others")] string two) => throw new NotSupportedException(one + two);
    }

    public static class BadQueueName
    {
        [Function("BadQueueName")]
        public static void Run([QueueTrigger("Bad_Orders")] string message) => throw new NotSupportedException(message);
    }

    public static class BadContainer
    {
        [Function("BadContainer")]
        public static void Run([BlobTrigger("ab/{name}")] string content) => throw new NotSupportedException(content);
    }

    public static class BadSchedule
    {
        [Function("BadSchedule")]
        public static void Run([TimerTrigger("daily")] TimerInfo timer) => throw new NotSupportedException($"{timer}");
    }

    public static class BadType
    {
        [Function("BadType")]
        public static void Run([QueueTrigger("orders")] Stream message) => throw new NotSupportedException($"{message}");
    }

    public static class BadParameter
    {
        [Function("BadParameter")]
        public static void Run([QueueTrigger("orders")] string message, IList<string> other) => throw new NotSupportedException($"{message}{other}");
    }

    public static class UnknownData
    {
        [Function("UnknownData")]
        public static void Run([BlobTrigger("files/{name}")] string content, string nmae) => throw new NotSupportedException(content + nmae);
    }

    public static class MissingSetting
    {
        [Function("MissingSetting")]
        public static void Run([QueueTrigger("%NoSuch%")] string message) => throw new NotSupportedException(message);
    }

    public static class MissingConnection
    {
        [Function("MissingConnection")]
        public static void Run([QueueTrigger("orders", Connection = "Elsewhere")] string message) => throw new NotSupportedException(message);
    }

    public static class AsyncVoid
    {
        [Function("AsyncVoid")]
        public static async void Run([QueueTrigger("orders")] string message) => await Task.FromException(new NotSupportedException(message));
    }

    public static class ReservedRoute
    {
        [Function("ReservedRoute")]
        public static void Run([HttpTrigger(Route = "admin/x")] HttpRequest request) => throw new NotSupportedException($"{request}");
    }

    public static class BadRoute
    {
        [Function("BadRoute")]
        public static void Run([HttpTrigger(Route = "{a")] HttpRequest request) => throw new NotSupportedException($"{request}");
    }

    public static class BadClient
    {
        [Function("BadClient")]
        public static void Run([QueueTrigger("orders")] string message, [DurableClient] string client) => throw new NotSupportedException(message + client);
    }

    public static class BadName
    {
        [Function("1st")]
        public static void Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }

    public static class SameTask
    {
        [Function("First")]
        public static Task One([OrchestrationTrigger(Orchestration = "Shared")] TaskOrchestrationContext context) => throw new NotSupportedException($"{context}");

        [Function("Second")]
        public static Task Two([OrchestrationTrigger(Orchestration = "Shared")] TaskOrchestrationContext context) => throw new NotSupportedException($"{context}");
    }

    public static class SameEntity
    {
        [Function("First")]
        public static Task One([EntityTrigger(EntityName = "shared")] TaskEntityDispatcher dispatcher) => throw new NotSupportedException($"{dispatcher}");

        [Function("Second")]
        public static Task Two([EntityTrigger(EntityName = "Shared")] TaskEntityDispatcher dispatcher) => throw new NotSupportedException($"{dispatcher}");
    }

    public static class BadEntityName
    {
        [Function("Entity")]
        public static Task Run([EntityTrigger(EntityName = "a@b")] TaskEntityDispatcher dispatcher) => throw new NotSupportedException($"{dispatcher}");
    }

    public static class BadEntityType
    {
        [Function("Entity")]
        public static Task Run([EntityTrigger] string dispatcher) => throw new NotSupportedException(dispatcher);
    }

    public static class NotPublic
    {
        [Function("NotPublic")]
        internal static void Run([QueueTrigger("orders")] string message) => throw new NotSupportedException(message);
    }
}
