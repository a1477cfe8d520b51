using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.Testing;

/// <summary>Replays recorded histories against an app's orchestrators as they are today: what differs would break the instances that run when they are deployed.</summary>
public sealed class HistoryReplay
{
    private readonly IServiceProvider _services;
    private readonly Dictionary<string, DeclaredFunction> _orchestrators;

    internal HistoryReplay(IServiceProvider services)
    {
        _services = services;
        _orchestrators = services.GetRequiredService<FunctionCatalog>().TriggeredBy<OrchestrationTriggerSpec>()
            .ToDictionary(orchestrator => orchestrator.Trigger.Name, orchestrator => orchestrator.Function, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Their names, as histories hold them.</summary>
    public IReadOnlyCollection<string> Orchestrators => _orchestrators.Keys;

    /// <summary>The orchestrators of the program or library that <typeparamref name="T"/> is part of. Nothing is started: no storage is needed.</summary>
    public static HistoryReplay Of<T>() => Of(typeof(T).Assembly);

    /// <inheritdoc cref="Of{T}"/>
    public static HistoryReplay Of(Assembly assembly) => Of(assembly.EntryPoint is null ? AppUnderTest.Of(RunFunctions, assembly) : AppUnderTest.Of(assembly));

    internal static HistoryReplay Of(AppUnderTest app)
    {
        IHost? built = null;
        var embedded = app.App with
        {
            // Nothing listens and nothing is kept, so neither the address nor the folder of the app need be free: it may be running beside.
            Settings = new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
                ["EmbeddedHost__Urls"] = "http://127.0.0.1:0",
                ["EmbeddedHost__StateDirectory"] = Path.GetTempPath(),
            },
            Built = host =>
            {
                built = host;
                // The established way to have an entry point's host built and no more.
                throw new HostAbortedException();
            },
        };
        try
        {
            EmbeddedFunctions.RunAs(embedded, () => app.EntryPoint([]));
        }
        catch (HostAbortedException) when (built is not null)
        {
            return new HistoryReplay(built.Services);
        }

        throw new TestAppException($"The entry point of {app.App.Name} ended without a host of functions being built.");
    }

    /// <summary>Runs an orchestrator as far as its recording goes. Activities are not run: their results are in the recording.</summary>
    /// <returns>In what the code differs from the recording; null when it repeats it.</returns>
    public string? FindDifference(HistoryRecording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        if (!_orchestrators.TryGetValue(recording.Name, out var orchestrator))
            return $"The recording is of '{recording.Name}', but there are only {string.Join(", ", _orchestrators.Keys.Order(StringComparer.Ordinal))}.";
        var invoker = _services.GetRequiredService<FunctionInvoker>();
        return OrchestrationReplayer.FindDifference(
            recording, context => invoker.ReplayAsync(orchestrator, new TriggerPayload(context, context.InstanceId)), _services.GetRequiredService<WorkerSerializer>());
    }

    private static void RunFunctions(string[] arguments)
    {
        var builder = FunctionsApplication.CreateBuilder(arguments);
        builder.ConfigureFunctionsWebApplication();
        builder.Build().Run();
    }
}
