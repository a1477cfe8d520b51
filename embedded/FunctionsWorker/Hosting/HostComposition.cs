using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Http;
using Serverless.Embedded.FunctionsWorker.Invocations;
using Serverless.Embedded.FunctionsWorker.Outputs;
using Serverless.Embedded.FunctionsWorker.Queues;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Puts the host together: configuration, services, functions, addresses.</summary>
internal sealed class HostComposition
{
    /// <summary>What the host needs after the work in hand was drained: to close connections and the store.</summary>
    private static readonly TimeSpan ShutdownAfterDrain = TimeSpan.FromSeconds(15);

    private readonly EmbeddedApp _app;
    private readonly List<string> _problems = [];
    private readonly InvocationMiddleware _middleware = new();
    private bool _aspNetCore;
    private bool _built;

    public HostComposition(string[] args, EmbeddedApp app)
    {
        _app = app;
        Web = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = app.Directory, ApplicationName = app.Name });
        AppConfiguration.AddFiles(Web.Configuration, app.Directory, _problems);
        AppConfiguration.PutLast(Web.Configuration, app.Settings);
        Web.Logging.ClearProviders();
        Web.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        Web.Services.TryAddSingleton(app.Time);
        Web.Services.Configure<JsonSerializerOptions>(options => options.PropertyNameCaseInsensitive = true);
        Web.Services.AddOptions<WorkerOptions>().PostConfigure<IOptions<JsonSerializerOptions>>(
            (options, json) => options.Serializer ??= new JsonObjectSerializer(json.Value));
    }

    public WebApplicationBuilder Web { get; }

    public void Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> step)
    {
        if (_built)
            throw new InvalidOperationException("The application has already been built.");
        _middleware.Add(step);
    }

    public void AddAspNetCore()
    {
        if (_aspNetCore)
            return;
        _aspNetCore = true;
        // Functions return MVC's results but have no controllers: given a manager without parts, MVC looks through no assembly for them.
        Web.Services.AddSingleton(new ApplicationPartManager());
        Web.Services.AddMvcCore();
    }

    public IHost Build()
    {
        if (_built)
            throw new InvalidOperationException("The application has already been built.");
        _built = true;
        // Once more, for the app may have added sources of its own.
        AppConfiguration.PutLast(Web.Configuration, _app.Settings);
        var settings = HostSettings.Read(Web.Configuration, _app.Name, _problems);
        var appSettings = new AppSettings(Web.Configuration);
        var accounts = new StorageAccounts(appSettings);
        var functions = FunctionCatalog.Of(FunctionScanner.FunctionsOf(_app.Assemblies), settings, appSettings, _problems);
        Check(settings, functions, accounts);
        if (_problems.Count > 0)
            throw new HostStartException([.. _problems, .. functions.Unbound]);

        AddServices(settings, functions, accounts);
        _app.ConfigureServices?.Invoke(Web.Services);
        var web = Web.Build();
        if (functions.Unbound.ToList() is { Count: > 0 } unbound && !web.Services.GetRequiredService<InputConverters>().Any)
            throw new HostStartException(unbound);
        foreach (var url in settings.Embedded.Urls)
            web.Urls.Add(url);
        HttpPipeline.Map(
            web, settings, functions, _aspNetCore ? new AspNetCoreModel(web.Services.GetRequiredService<ILogger<AspNetCoreModel>>()) : new BuiltInModel());
        _app.Built?.Invoke(web);
        return web;
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

    private void AddServices(HostSettings settings, FunctionCatalog functions, StorageAccounts accounts)
    {
        var services = Web.Services;
        services.AddSingleton(settings);
        services.AddSingleton(functions);
        services.AddSingleton(accounts);
        services.AddSingleton(_middleware);
        services.AddSingleton<HostState>();
        services.AddSingleton<InputConverters>();
        services.TryAddSingleton<IFunctionActivator, FunctionActivator>();
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<OutputWriter>();
        services.AddSingleton<QueueSignals>();
        services.AddSingleton(provider => new WorkerSerializer(provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer!));
        services.AddSingleton(provider => new HostAddress(provider.GetRequiredService<IServer>(), Web.Configuration));
        services.AddSingleton<ListenerFactory>();
        services.AddSingleton<ManualRuns>();
        HttpPipeline.AddServices(services, settings.Http);
        if (functions.UsesDurableTasks)
            DurableFunctions.Add(services);
        services.AddHostedService<HostService>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Embedded.DrainTimeout + ShutdownAfterDrain);
        Web.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.Http.MaxRequestBodyBytes;
        });
    }
}
