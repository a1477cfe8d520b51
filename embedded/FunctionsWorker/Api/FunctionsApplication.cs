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
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var app = EmbeddedApp.Current();
        if (app.OwnsProcess)
            AppConfiguration.SetEnvironment(app.Directory);
        return EmbeddedFunctions.CreateBuilder(args, app);
    }
}

/// <summary>Gathers the services, settings and middleware of a function app; the app it builds is the host.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly HostComposition _composition;

    internal FunctionsApplicationBuilder(HostComposition composition)
    {
        _composition = composition;
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_composition.Web).Properties;

    public ConfigurationManager Configuration => _composition.Web.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public IHostEnvironment Environment => _composition.Web.Environment;

    public ILoggingBuilder Logging => _composition.Web.Logging;

    public IMetricsBuilder Metrics => _composition.Web.Metrics;

    public IServiceCollection Services => _composition.Web.Services;

    internal HostComposition Composition => _composition;

    /// <summary>Validates settings and functions and makes the host; it starts with <c>Run</c>.</summary>
    /// <exception cref="HostStartException">Settings or functions are wrong; the message lists everything found.</exception>
    public IHost Build() => _composition.Build();

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)_composition.Web).ConfigureContainer(factory, configure);

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
        builder.Composition.AddAspNetCore();
        return builder;
    }
}
