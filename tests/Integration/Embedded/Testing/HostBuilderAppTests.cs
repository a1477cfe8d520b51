using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Embedded.Testing;

namespace Serverless.Tests.Integration.Embedded.Testing;

/// <summary>Apps that begin with <c>new HostBuilder()</c> are tested as the others are.</summary>
public sealed class HostBuilderAppTests
{
    private static readonly Journal Apps = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_OfAHostBuildersApp_LetsTheTestsSettingsServicesAndClockWin()
    {
        var fake = new Journal();
        await using var app = await FunctionsTestApp.StartAsync(
            RunApp,
            Assembly.GetExecutingAssembly(),
            new FunctionsTestOptions
            {
                Storage = TestStorage.None,
                Functions = ["WaitTwoDays", "NoteStep"],
                Settings = new Dictionary<string, string?> { ["colour"] = "the test's" },
                ConfigureServices = services => services.AddSingleton(fake),
            },
            Cancelled);
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("WaitTwoDays", Cancelled);

        await app.AdvanceAsync(TimeSpan.FromDays(2), Cancelled);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await app.WaitForInstanceAsync(id, Cancelled)).RuntimeStatus);
        Assert.Equal(["between"], fake.Entries);
        Assert.Equal("the test's", app.Services.GetRequiredService<IConfiguration>()["colour"]);
        Assert.Same(app.Clock, app.Services.GetRequiredService<TimeProvider>());
        var recording = await app.ExportHistoryAsync(id, Cancelled);
        Assert.NotNull(recording);
        Assert.Null(HistoryReplay.Of(AppUnderTest.Of(WithoutOtherFunctions, Assembly.GetExecutingAssembly())).FindDifference(recording));
    }

    [Fact]
    public void HistoryReplay_WhileAnotherListensAtTheAppsAddress_IsMadeAllTheSame()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = $"http://{other.LocalEndpoint}";

        var replay = HistoryReplay.Of(AppUnderTest.Of(arguments => WithoutOtherFunctions(arguments, KeyValuePair.Create("EmbeddedHost:Urls", (string?)taken)), Assembly.GetExecutingAssembly()));

        Assert.Equal(["WaitTwoDays"], replay.Orchestrators);
    }

    private static void RunApp(string[] arguments) => Builder().Build().Run();

    /// <summary>The functions of this assembly are those of many apps, with settings that not one of them has.</summary>
    private static void WithoutOtherFunctions(string[] arguments) => WithoutOtherFunctions(arguments, settings: []);

    private static void WithoutOtherFunctions(string[] arguments, params KeyValuePair<string, string?>[] settings) => Builder()
        .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection(
            [KeyValuePair.Create("AzureFunctionsJobHost:functions:0", (string?)"WaitTwoDays"), KeyValuePair.Create("AzureFunctionsJobHost:functions:1", (string?)"NoteStep"), .. settings]))
        .Build()
        .Run();

    private static IHostBuilder Builder() => new HostBuilder()
        .ConfigureFunctionsWebApplication()
        .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection([KeyValuePair.Create("colour", (string?)"the app's")]))
        .ConfigureServices(services => services.AddSingleton(Apps).AddSingleton(TimeProvider.System));
}
