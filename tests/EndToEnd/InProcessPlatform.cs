using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.Testing;
using Serverless.Functions.Http;

namespace Serverless.Tests.EndToEnd;

/// <summary>The platform within the test's process, on a storage in memory and with a clock that can be moved.</summary>
public sealed class InProcessPlatform : PlatformUnderTest, IAsyncDisposable
{
    private InProcessPlatform(FunctionsTestApp app)
    {
        App = app;
    }

    public FunctionsTestApp App { get; }

    public override Uri Url => App.Http.BaseAddress ?? throw new InvalidOperationException("The app has no address.");

    public override string ConnectionString => App.Storage.ConnectionString;

    protected override string EndOfLog => App.Log.ToString();

    /// <param name="services">Services that take the place of the platform's own.</param>
    public static async Task<InProcessPlatform> StartAsync(Action<IServiceCollection>? services = null) => new(await FunctionsTestApp.StartAsync<ProblemResponses>(
        new FunctionsTestOptions { Patience = Patience, ConfigureServices = services }, TestContext.Current.CancellationToken));

    /// <summary>Has time pass, the last minute of it step by step: the sweeps of the platform are due every few seconds, and days of them prove nothing.</summary>
    /// <param name="time">More than a minute.</param>
    public Task PassAsync(TimeSpan time)
    {
        var last = TimeSpan.FromMinutes(1);
        App.Clock.Advance(time - last);
        return App.AdvanceAsync(last, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Http.Dispose();
    }
}
