using Serverless.Local;
using Serverless.Local.Processes;

namespace Serverless.Tests.Infra.Local;

public sealed class AppProcessTests
{
    [Fact]
    public async Task StartAsync_WhenItWasNotBuilt_SaysHowToBuildIt()
    {
        using var folder = new TemporaryFolder();
        var exception = await Assert.ThrowsAsync<LocalProcessException>(() => StartAsync(folder, folder.At("none.dll")));
        Assert.Contains("./dev setup", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_WhenItEndsBeforeItIsReady_ShowsTheEndOfItsLog()
    {
        using var folder = new TemporaryFolder();
        // The local console, given no command, says how to use it and ends.
        var exception = await Assert.ThrowsAsync<LocalProcessException>(() => StartAsync(folder, typeof(Checkout).Assembly.Location));
        Assert.Contains("ended with exit code 2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Usage: ./dev up", exception.Message, StringComparison.Ordinal);
        Assert.Contains(folder.At("app.log"), exception.Message, StringComparison.Ordinal);
    }

    private static Task<AppProcess> StartAsync(TemporaryFolder folder, string assembly) =>
        AppProcess.StartAsync(
            new AppOptions
            {
                Assembly = assembly,
                ConnectionString = "UseDevelopmentStorage=true",
                StateFolder = folder.At("state"),
                LogFile = folder.At("app.log"),
                Port = 0,
            },
            TestContext.Current.CancellationToken);
}
