using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>
/// The host for apps that begin with <c>new HostBuilder()</c>: the same composition, put into the app's own builder, whose host then serves requests as one of its services.
/// </summary>
internal sealed class HostBuilderComposition
{
    private readonly IHostBuilder _builder;
    private readonly HostComposition _host;
    private readonly List<Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder>> _workers = [];
    private readonly List<Action<WorkerOptions>> _options = [];
    private bool _aspNetCore;

    private HostBuilderComposition(IHostBuilder builder, EmbeddedApp app)
    {
        _builder = builder;
        _host = new HostComposition(app);
        builder.UseContentRoot(app.Directory);
        builder.ConfigureHostConfiguration(configuration =>
        {
            configuration.AddEnvironmentVariables("AZURE_FUNCTIONS_");
            configuration.AddInMemoryCollection([KeyValuePair.Create(HostDefaults.ApplicationKey, (string?)app.Name)]);
        });
        builder.ConfigureAppConfiguration(configuration =>
        {
            configuration.AddEnvironmentVariables();
            if (app.OwnsProcess)
                configuration.AddCommandLine(Environment.GetCommandLineArgs()[1..]);
            _host.AddConfiguration(configuration);
        });
        builder.ConfigureLogging((context, logging) => HostComposition.AddLogging(logging, context.Configuration));
        builder.ConfigureServices(AddServices);
        // After the host's services, so that the durable store is open before the first request is served.
        builder.ConfigureWebHost(web => web.UseKestrelCore().Configure(HostComposition.Serve).UseSetting(WebHostDefaults.ApplicationKey, app.Name));
    }

    /// <summary>The composition of that builder, begun when first asked for.</summary>
    public static HostBuilderComposition Of(IHostBuilder builder)
    {
        if (builder.Properties.TryGetValue(typeof(HostBuilderComposition), out var known))
            return (HostBuilderComposition)known;
        var composition = new HostBuilderComposition(builder, EmbeddedApp.Current());
        builder.Properties[typeof(HostBuilderComposition)] = composition;
        return composition;
    }

    public HostBuilderComposition WithAspNetCore()
    {
        _aspNetCore = true;
        return this;
    }

    public IHostBuilder Configure(Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> worker, Action<WorkerOptions>? options)
    {
        _workers.Add(worker);
        if (options is not null)
            _options.Add(options);
        return _builder;
    }

    private void AddServices(HostBuilderContext context, IServiceCollection services)
    {
        _host.AddDefaults(services);
        foreach (var options in _options)
            services.Configure(options);
        if (_aspNetCore)
            _host.AddAspNetCore(services);
        var worker = new WorkerBuilder(services, _host);
        foreach (var configure in _workers)
            configure(context, worker);
        _host.AddServices(services, context.Configuration);
        services.AddSingleton(this);
    }

    private sealed class WorkerBuilder(IServiceCollection services, HostComposition host) : IFunctionsWorkerApplicationBuilder
    {
        public IServiceCollection Services => services;

        public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
        {
            host.Use(middleware);
            return this;
        }
    }
}
