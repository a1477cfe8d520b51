using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where a function app's <c>Program.cs</c> begins.</summary>
public class FunctionsApplication
{
    /// <summary>A builder with the host's defaults: host.json, local.settings.json, environment variables and the arguments as configuration.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => EmbeddedFunctions.CreateBuilder(args, EmbeddedApp.Current());
}

/// <summary>Gathers the services, settings and middleware of a function app; the app it builds is the host.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly HostComposition _composition;

    internal FunctionsApplicationBuilder(string[] args, HostComposition composition)
    {
        _composition = composition;
        var app = composition.App;
        _web = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = app.Directory, ApplicationName = app.Name });
        composition.AddConfiguration(_web.Configuration);
        _web.Logging.ClearProviders();
        HostComposition.AddLogging(_web.Logging, _web.Configuration);
        composition.AddDefaults(_web.Services);
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    public ConfigurationManager Configuration => _web.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public IHostEnvironment Environment => _web.Environment;

    public ILoggingBuilder Logging => _web.Logging;

    public IMetricsBuilder Metrics => _web.Metrics;

    public IServiceCollection Services => _web.Services;

    internal HostComposition Composition => _composition;

    /// <summary>Validates settings and functions and makes the host; it starts with <c>Run</c>.</summary>
    /// <exception cref="HostStartException">Settings or functions are wrong; the message lists everything found.</exception>
    public IHost Build()
    {
        // Once more, for the app may have added sources of its own.
        AppConfiguration.PutLast(_web.Configuration, _composition.App.Settings);
        _composition.AddServices(_web.Services, _web.Configuration);
        _composition.App.ConfigureServices?.Invoke(_web.Services);
        var web = _web.Build();
        HostComposition.Serve(web);
        _composition.App.Built?.Invoke(web);
        return web;
    }

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _composition.Use(middleware);
        return this;
    }
}

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Lets HTTP functions take ASP.NET Core's request and return its results.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.Composition.AddAspNetCore(builder.Services);
        return builder;
    }
}
