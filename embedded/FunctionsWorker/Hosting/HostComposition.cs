using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Http;
using Serverless.Embedded.FunctionsWorker.Invocations;
using Serverless.Embedded.FunctionsWorker.Logging;
using Serverless.Embedded.FunctionsWorker.Outputs;
using Serverless.Embedded.FunctionsWorker.Queues;
using Serverless.Embedded.FunctionsWorker.Timers;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>
/// Puts the host together, whichever builder the app uses: files beneath the configuration, then its services, then what serves requests. The steps are called in that order.
/// </summary>
internal sealed class HostComposition(EmbeddedApp app)
{
    /// <summary>What the host needs after the work in hand was drained: to close connections and the store.</summary>
    private static readonly TimeSpan ShutdownAfterDrain = TimeSpan.FromSeconds(15);

    private readonly List<string> _problems = [];
    private readonly InvocationMiddleware _middleware = new();
    private bool _aspNetCore;
    private bool _hasServices;

    public EmbeddedApp App => app;

    /// <summary>Adds a step around invocations.</summary>
    public void Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> step)
    {
        if (_hasServices)
            throw new InvalidOperationException("The application has already been built.");
        _middleware.Add(step);
    }

    /// <summary>Lets functions take ASP.NET Core's request and return its results.</summary>
    public void AddAspNetCore(IServiceCollection services)
    {
        if (_aspNetCore)
            return;
        _aspNetCore = true;
        // Functions return MVC's results but have no controllers: given a manager without parts, MVC looks through no assembly for them.
        services.AddSingleton(new ApplicationPartManager());
        services.AddMvcCore();
    }

    /// <summary>Puts the app's files beneath the environment variables that are there.</summary>
    public void AddConfiguration(IConfigurationBuilder configuration)
    {
        AppConfiguration.AddFiles(configuration, app.Directory, _problems);
        AppConfiguration.PutLast(configuration, app.Settings);
    }

    /// <summary>Logs to the console. Levels are host.json's, with the environment's overrides of it, beneath anything said in the section Logging.</summary>
    public static void AddLogging(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection($"{SettingReader.HostSection}:logging"));
        // Once more, for of rules that fit alike the last one counts.
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
    }

    /// <summary>Adds what the app may replace or configure.</summary>
    public void AddDefaults(IServiceCollection services)
    {
        services.TryAddSingleton(app.Time);
        services.Configure<JsonSerializerOptions>(options => options.PropertyNameCaseInsensitive = true);
        services.AddOptions<WorkerOptions>().PostConfigure<IOptions<JsonSerializerOptions>>(
            (options, json) => options.Serializer ??= new JsonObjectSerializer(json.Value));
        DurableConverter.AddDefaults(services);
    }

    /// <summary>Reads the settings, checks the functions, and adds the host's services.</summary>
    /// <exception cref="HostStartException">Settings or functions are wrong; the message lists everything found.</exception>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        if (_hasServices)
            throw new InvalidOperationException("The application has already been built.");
        _hasServices = true;
        var settings = HostSettings.Read(configuration, app.Name, _problems);
        var appSettings = new AppSettings(configuration);
        var accounts = new StorageAccounts(appSettings);
        var functions = FunctionCatalog.Of(FunctionScanner.FunctionsOf(app.Assemblies), settings, appSettings, _problems);
        Check(settings, functions, accounts);
        if (_problems.Count > 0)
            throw new HostStartException([.. _problems, .. functions.Unbound]);
        AddServices(services, settings, functions, accounts);
    }

    /// <summary>Adds what serves requests: the app's HTTP functions and the host's own addresses.</summary>
    /// <exception cref="HostStartException">Functions have parameters that nothing gives, or the machine does not give what the host needs.</exception>
    public static void Serve(IApplicationBuilder web)
    {
        var services = web.ApplicationServices;
        var functions = services.GetRequiredService<FunctionCatalog>();
        var settings = services.GetRequiredService<HostSettings>();
        if (functions.Unbound.ToList() is { Count: > 0 } unbound && !services.GetRequiredService<InputConverters>().Any)
            throw new HostStartException(unbound);
        if (StartConditions.Problems(settings.Embedded, functions.UsesDurableTasks || settings.Embedded.AsksForKeys).ToList() is { Count: > 0 } problems)
            throw new HostStartException(problems);

        var addresses = services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        addresses.Clear();
        foreach (var url in settings.Embedded.Urls)
            addresses.Add(url);
        HttpPipeline.Map(web, services.GetRequiredService<HttpModel>());
    }

    /// <summary>What no function sees by itself.</summary>
    private void Check(HostSettings settings, FunctionCatalog functions, StorageAccounts accounts)
    {
        var http = functions.TriggeredBy<HttpTriggerSpec>().ToList();
        var integrated = http.Where(entry => entry.Function.Parameters.Any(parameter => parameter.Type == typeof(HttpRequest))).Select(entry => entry.Function.Name).ToList();
        if (integrated.Count > 0 && !_aspNetCore)
            _problems.Add($"The app has HTTP functions ({string.Join(", ", integrated)}) that take ASP.NET Core's HttpRequest. "
                + "Call builder.ConfigureFunctionsWebApplication() in Program.cs, or take HttpRequestData.");
        foreach (var same in http.GroupBy(entry => entry.Trigger.Route, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            var methods = same.SelectMany(entry => entry.Trigger.Methods.Count == 0 ? ["*"] : entry.Trigger.Methods).ToList();
            if (methods.Contains("*") || methods.Distinct().Count() < methods.Count)
                _problems.Add($"The route '{same.Key}' is served by several functions for the same method: {string.Join(", ", same.Select(entry => entry.Function.Name))}. Change one.");
        }

        foreach (var connection in Connections(functions).Distinct())
        {
            try
            {
                accounts.Get(connection);
            }
            catch (FormatException wrong)
            {
                if (!_problems.Exists(problem => problem.Contains(wrong.Message.TrimEnd('.'), StringComparison.Ordinal)))
                    _problems.Add(wrong.Message);
            }
        }
    }

    private static IEnumerable<string?> Connections(FunctionCatalog functions)
    {
        foreach (var output in functions.Running.SelectMany(function => function.Outputs.Bindings))
        {
            if (output is BlobOutput or QueueOutput)
                yield return output is BlobOutput blob ? blob.Connection : ((QueueOutput)output).Connection;
        }

        foreach (var (_, trigger) in functions.TriggeredBy<QueueTriggerSpec>())
            yield return trigger.Connection;
        foreach (var (_, trigger) in functions.TriggeredBy<BlobTriggerSpec>())
            yield return trigger.Connection;
        // Receipts, the blob trigger's queue and timer status lie in the host's own account.
        if (functions.TriggeredBy<BlobTriggerSpec>().Any() || functions.TriggeredBy<TimerTriggerSpec>().Any(entry => entry.Trigger.Monitored))
            yield return null;
    }

    private void AddServices(IServiceCollection services, HostSettings settings, FunctionCatalog functions, StorageAccounts accounts)
    {
        BatchedConsole.Replace(services);
        services.AddSingleton(settings);
        services.AddSingleton(functions);
        services.AddSingleton(accounts);
        services.AddSingleton(_middleware);
        services.AddSingleton<HostState>();
        services.AddSingleton<ReplicaIdentity>();
        services.AddSingleton<InputConverters>();
        services.TryAddSingleton<IFunctionActivator, FunctionActivator>();
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<OutputWriter>();
        services.AddSingleton<QueueSignals>();
        services.AddSingleton(provider => new WorkerSerializer(provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer!));
        services.AddSingleton(provider => new HostAddress(provider.GetRequiredService<IServer>(), provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<TimerStatuses>();
        services.AddSingleton<ListenerFactory>();
        services.AddSingleton<ManualRuns>();
        HttpPipeline.AddServices(services, settings.Http);
        services.AddSingleton<HttpModel>(provider => _aspNetCore ? new AspNetCoreModel(provider.GetRequiredService<ILogger<AspNetCoreModel>>()) : new BuiltInModel());
        if (functions.UsesDurableTasks)
            DurableFunctions.Add(services);
        services.AddHostedService<HostService>();
        services.AddHostedService(_ => new RestingMemory(RestingMemory.UsualInterval));
        services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Embedded.DrainTimeout + ShutdownAfterDrain);
        services.AddRouting();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.Http.MaxRequestBodyBytes;
        });
    }
}
