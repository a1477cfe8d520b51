using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>Apps that begin with <c>new HostBuilder()</c>.</summary>
public sealed class HostBuilderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("app-").FullName;
    private readonly Journal _journal = new();

    [Fact]
    public async Task ConfigureFunctionsWebApplication_ServesTheApp()
    {
        using var host = Build(() => new HostBuilder()
            .ConfigureFunctionsWebApplication(worker => worker.UseMiddleware(async (context, next) =>
            {
                context.Items["middleware"] = context.InstanceServices.GetRequiredService<IConfiguration>()["Colour"]!;
                await next();
            }))
            .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection([KeyValuePair.Create("Colour", (string?)"green")]))
            .ConfigureServices(AddServices)
            .ConfigureLogging(logging => logging.ClearProviders())
            .Build());
        await host.StartAsync(TestContext.Current.CancellationToken);
        using var http = ClientOf(host);

        Assert.Equal("True green", await http.GetStringAsync("/api/where", TestContext.Current.CancellationToken));
        Assert.Equal("GET True", await http.GetStringAsync("/api/scoped", TestContext.Current.CancellationToken));
        Assert.Equal("sample", host.Services.GetRequiredService<IHostEnvironment>().ApplicationName);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ConfigureFunctionsWorkerDefaults_RunsOrchestrationsAndEndsInOrder()
    {
        using var host = Build(() => Host.CreateDefaultBuilder()
            .ConfigureFunctionsWorkerDefaults(
                (context, worker) => worker.Services.AddSingleton(new Named(context.HostingEnvironment.ContentRootPath)),
                options => options.InputConverters.Register<TenantConverter>())
            .ConfigureServices(AddServices)
            .ConfigureLogging(logging => logging.ClearProviders())
            .Build(), "Sum", "Double");
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<TaskHub>().Client;
        await client.ScheduleNewOrchestrationInstanceAsync("Sum", new[] { 1, 2 }, new StartOrchestrationOptions { InstanceId = "one" }, TestContext.Current.CancellationToken);

        var ended = await client.WaitForInstanceCompletionAsync("one", getInputsAndOutputs: true, TestContext.Current.CancellationToken);
        Assert.Equal(6, ended.ReadOutputAs<Order>()!.Quantity);
        Assert.Equal(_directory, host.Services.GetRequiredService<Named>().Value);
        Assert.Contains(typeof(TenantConverter), host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<WorkerOptions>>().Value.InputConverters);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void ConfigureFunctionsWebApplication_WrongSetting_RefusesToBuild() =>
        Assert.Contains(
            "functionTimeout",
            Assert.Throws<HostStartException>(() => Build(
                () => new HostBuilder()
                    .ConfigureFunctionsWebApplication()
                    .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection([KeyValuePair.Create("AzureFunctionsJobHost:functionTimeout", (string?)"soon")]))
                    .ConfigureServices(AddServices)
                    .Build())).Message,
            StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static HttpClient ClientOf(IHost host) => new()
    {
        BaseAddress = new Uri(host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()),
    };

    private void AddServices(IServiceCollection services) => services.AddSingleton(_journal).AddScoped<ScopedThing>();

    private IHost Build(Func<IHost> program, params string[] functions)
    {
        IHost? host = null;
        EmbeddedFunctions.RunAs(
            new EmbeddedApp
            {
                Directory = _directory,
                Assemblies = [Assembly.GetExecutingAssembly()],
                Name = "sample",
                Settings = (functions.Length == 0 ? ["Where", "Scoped"] : functions).Index()
                    .ToDictionary(function => $"AzureFunctionsJobHost__functions__{function.Index}", function => (string?)function.Item)
                    .Append(KeyValuePair.Create("EmbeddedHost__Urls", (string?)"http://127.0.0.1:0"))
                    .Append(KeyValuePair.Create("EmbeddedHost__StateDirectory", (string?)Path.Combine(_directory, "state")))
                    .ToDictionary(),
            },
            () => host = program());
        return host ?? throw new InvalidOperationException("The program built no host.");
    }

    private sealed record Named(string Value);
}
