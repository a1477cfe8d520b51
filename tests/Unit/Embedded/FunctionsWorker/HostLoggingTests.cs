using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Logging;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class HostLoggingTests
{
    [Theory]
    [InlineData("AzureFunctionsJobHost:logging:logLevel:Function", "Warning", false)]
    [InlineData("AzureFunctionsJobHost:logging:logLevel:default", "Error", false)]
    [InlineData("AzureFunctionsJobHost:Logging:LogLevel:Other", "Error", true)]
    public void AddLogging_LevelOfHostJson_Filters(string key, string level, bool enabled)
    {
        using var services = Build((key, level));

        Assert.Equal(enabled, services.GetRequiredService<ILoggerFactory>().CreateLogger("Function.One").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void AddLogging_SectionLogging_WinsOverHostJson()
    {
        using var services = Build(
            ("Logging:LogLevel:Function", "Debug"), ("AzureFunctionsJobHost:logging:logLevel:Function", "Error"), ("AzureFunctionsJobHost:logging:logLevel:Microsoft.AspNetCore", "Debug"));

        Assert.True(services.GetRequiredService<ILoggerFactory>().CreateLogger("Function.One").IsEnabled(LogLevel.Debug));
        Assert.True(services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Routing").IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public void AddLogging_NothingSaid_KeepsTheFrameworkQuiet()
    {
        using var services = Build();

        Assert.False(services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Routing").IsEnabled(LogLevel.Information));
        Assert.True(services.GetRequiredService<ILoggerFactory>().CreateLogger("Function.One").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void Replace_ConsoleOfTheFramework_IsReplacedOnce()
    {
        var services = Services();
        BatchedConsole.Replace(services);
        services.AddLogging(logging => logging.AddConsole());
        using var built = services.BuildServiceProvider();

        Assert.Single(built.GetServices<ILoggerProvider>().OfType<BatchedConsole>());
        var silenced = Assert.Single(built.GetServices<ILoggerProvider>().OfType<ConsoleLoggerProvider>());
        Assert.NotNull(silenced);
        var rules = built.GetRequiredService<Microsoft.Extensions.Options.IOptions<LoggerFilterOptions>>().Value.Rules;
        Assert.Contains(rules, rule => rule.ProviderName == typeof(ConsoleLoggerProvider).FullName && rule.LogLevel == LogLevel.None);
    }

    [Fact]
    public void Replace_ProvidersCleared_AddsNone()
    {
        var services = Services();
        services.AddLogging(logging => logging.ClearProviders());

        BatchedConsole.Replace(services);

        Assert.DoesNotContain(services, service => service.ServiceType == typeof(ILoggerProvider));
    }

    private static ServiceProvider Build(params (string Key, string Value)[] settings) => Services(settings).BuildServiceProvider();

    private static ServiceCollection Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        var services = new ServiceCollection();
        services.AddLogging(logging => HostComposition.AddLogging(logging, configuration));
        return services;
    }
}
