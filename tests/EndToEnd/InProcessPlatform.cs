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

    public static async Task<InProcessPlatform> StartAsync() => new(await FunctionsTestApp.StartAsync<ProblemResponses>(
        new FunctionsTestOptions { Patience = Patience }, TestContext.Current.CancellationToken));

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
