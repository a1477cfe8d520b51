namespace Serverless.Tests.Infra.Packages;

/// <summary>The source of an app that knows nothing of this repository but its packages; the README's example tests it.</summary>
internal static class ScratchApp
{
    public const string Program = """
        using Microsoft.Azure.Functions.Worker.Builder;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;

        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton(new Greeting("Good day"));
        builder.Build().Run();

        public sealed record Greeting(string Text);
        """;

    public const string Functions = """
        using Azure.Storage.Blobs;
        using Azure.Storage.Queues;
        using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.Mvc;
        using Microsoft.Azure.Functions.Worker;
        using Microsoft.DurableTask;
        using Microsoft.DurableTask.Client;
        using Microsoft.Extensions.Configuration;

        public sealed class Orders(IConfiguration configuration, Greeting greeting)
        {
            private string Storage => configuration["AzureWebJobsStorage"]!;

            [Function("PlaceOrder")]
            public async Task<IActionResult> Place(
                [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orders/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
            {
                await client.ScheduleNewOrchestrationInstanceAsync(
                    nameof(Order), (id, TimeSpan.Parse(configuration["RemindAfter"]!)).ToString(), new StartOrchestrationOptions($"order-{id}"));
                return new AcceptedResult();
            }

            [Function(nameof(Order))]
            public static async Task<string> Order([OrchestrationTrigger] TaskOrchestrationContext context)
            {
                var parts = context.GetInput<string>()!.Trim('(', ')').Split(", ");
                await context.CreateTimer(TimeSpan.Parse(parts[1]), CancellationToken.None);
                await context.CallActivityAsync(nameof(Remind), parts[0]);
                return "reminded";
            }

            [Function(nameof(Remind))]
            public async Task Remind([ActivityTrigger] string id)
            {
                var queue = new QueueClient(Storage, "reminders", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
                await queue.CreateIfNotExistsAsync();
                await queue.SendMessageAsync(id);
            }

            [Function("SendReminder")]
            public async Task Send([QueueTrigger("reminders")] string id)
            {
                var sent = new BlobContainerClient(Storage, "sent");
                await sent.CreateIfNotExistsAsync();
                await sent.GetBlobClient($"{id}.txt").UploadAsync(BinaryData.FromString($"{greeting.Text}, please pay order {id}"));
            }
        }
        """;
}
