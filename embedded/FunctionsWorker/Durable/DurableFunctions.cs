using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Http;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The task hub, with the app's orchestrators, activities and entities.</summary>
internal static class DurableFunctions
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var settings = provider.GetRequiredService<HostSettings>();
            var hub = new TaskHub(
                new TaskHubOptions
                {
                    DatabasePath = Path.Combine(settings.Embedded.StateDirectory, settings.Durable.HubName + ".db"),
                    Name = settings.Durable.HubName,
                    MaxConcurrentActivities = settings.Durable.MaxConcurrentActivities,
                    MaxConcurrentOrchestrations = settings.Durable.MaxConcurrentOrchestrators,
                    MaxConcurrentEntities = settings.Durable.MaxConcurrentEntities,
                    MaxEntityOperationBatchSize = settings.Durable.MaxEntityOperationBatchSize,
                    DefaultVersion = settings.Durable.DefaultVersion,
                    VersionMatchStrategy = settings.Durable.VersionMatchStrategy,
                    VersionFailureStrategy = settings.Durable.VersionFailureStrategy,
                    Durability = settings.Durable.Durability,
                    Retention = settings.Durable.Retention,
                    ContextProperties = new Dictionary<string, object?> { [DurableHttp.PollingInterval] = settings.Durable.HttpPollingInterval },
                    ExceptionProperties = provider.GetService<IExceptionPropertiesProvider>(),
                },
                DurableConverter.Of(provider),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>());
            hub.AddActivity(DurableHttp.ActivityName, provider.GetRequiredService<DurableHttp>().RunAsync);
            Register(hub, provider.GetRequiredService<FunctionCatalog>(), provider.GetRequiredService<FunctionInvoker>());
            return hub;
        });
        services.AddSingleton<DurableHttp>();
        services.AddSingleton<IDurableTaskClientProvider, BoundClientProvider>();
        services.AddSingleton(provider => new ManagementLinks(
            provider.GetRequiredService<HostAddress>(), provider.GetRequiredService<HttpAdmission>(), provider.GetRequiredService<HostSettings>().Durable.UseForwardedHost));
        services.AddSingleton(provider => new BoundDurableTaskClient(
            provider.GetRequiredService<TaskHub>(), provider.GetRequiredService<ManagementLinks>(), provider.GetRequiredService<HostSettings>().Durable.HubName));
    }

    private static void Register(TaskHub hub, FunctionCatalog functions, FunctionInvoker invoker)
    {
        EntityFunctions.Register(hub, functions, invoker);
        foreach (var (function, trigger) in functions.TriggeredBy<OrchestrationTriggerSpec>())
            hub.AddOrchestrator(trigger.Name, context => invoker.ReplayAsync(function, new TriggerPayload(context, context.InstanceId)));

        foreach (var (function, trigger) in functions.TriggeredBy<ActivityTriggerSpec>())
        {
            hub.AddActivity(trigger.Name, (item, cancellationToken) => invoker.InvokeAsync(
                function,
                new TriggerPayload(item, $"Task {item.TaskId} of orchestration {item.InstanceId}")
                {
                    Data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { [DurableBindings.InstanceId] = item.InstanceId },
                },
                cancellationToken));
        }
    }
}
