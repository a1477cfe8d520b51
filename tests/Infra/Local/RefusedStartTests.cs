using System.Net;
using System.Net.Sockets;
using Serverless.Local;

namespace Serverless.Tests.Infra.Local;

/// <summary>The real app as a process of its own that cannot start.</summary>
public sealed class RefusedStartTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_AddressInUse_SaysSoWithoutATraceOfTheStack()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var log = await RunAsync($"http://{other.LocalEndpoint}", state => state);

        Assert.Equal(
            $"The function app cannot start: The address http://{other.LocalEndpoint} cannot be listened on: Address already in use. "
            + "Stop what listens there, or name another address in the setting EmbeddedHost__Urls.",
            log.Trim());
    }

    [Fact]
    public async Task Start_StateFolderThatIsAFile_SaysSoWithoutATraceOfTheStack()
    {
        var log = await RunAsync("http://127.0.0.1:0", state =>
        {
            File.WriteAllText(state, "a file");
            return state;
        });

        Assert.StartsWith("The function app cannot start: The folder '", log, StringComparison.Ordinal);
        Assert.Contains("EmbeddedHost__StateDirectory", Assert.Single(log.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string url, Func<string, string> stateFolder)
    {
        using var folder = new TemporaryFolder();
        await using var child = ChildProcess.Start(new ChildCommand
        {
            Name = "The app",
            FileName = "dotnet",
            Arguments = [Checkout.Find().AppAssembly],
            WorkingDirectory = folder.Path,
            LogFile = folder.At("log"),
            Environment = new Dictionary<string, string>
            {
                ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
                ["EmbeddedHost__Urls"] = url,
                ["EmbeddedHost__StateDirectory"] = stateFolder(folder.At("state")),
            },
        });
        await child.Exited.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Contains("exit code 1.", child.DescribeExit(), StringComparison.Ordinal);
        return child.ReadLog();
    }
}
