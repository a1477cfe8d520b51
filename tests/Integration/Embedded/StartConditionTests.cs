using System.Net;
using System.Net.Sockets;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>What a machine may not give, told by the setting's name.</summary>
public sealed class StartConditionTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("app-").FullName;

    [Theory]
    [InlineData("state")]
    [InlineData("state/below")]
    public async Task StateDirectory_ThatIsAFile_IsNamedWithItsSetting(string folder)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "state"), "a file");
        var directory = Path.Combine(_directory, folder);

        foreach (var functions in (string[][])[["Listen"], ["Guarded"]])
        {
            var refusal = await Assert.ThrowsAsync<HostStartException>(
                () => TestApp.StartAsync(null, functions, new() { ["EmbeddedHost:EnableAuth"] = "true", ["EmbeddedHost:StateDirectory"] = directory }, directory: _directory));

            Assert.Contains($"The folder '{directory}' cannot hold the app's state", Assert.Single(refusal.Problems), StringComparison.Ordinal);
            Assert.Contains("EmbeddedHost__StateDirectory", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task StateDirectory_ThatNobodyCanMake_IsNamedWithItsSetting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");

        var refusal = await Assert.ThrowsAsync<HostStartException>(
            () => TestApp.StartAsync(null, ["Listen"], new() { ["EmbeddedHost:StateDirectory"] = "/proc/state" }, directory: _directory));

        Assert.Contains("EmbeddedHost__StateDirectory", Assert.Single(refusal.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_InUse_IsNamedWithItsSetting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";

        var refusal = await Assert.ThrowsAsync<HostStartException>(() => TestApp.StartAsync(null, ["Echo"], new() { ["EmbeddedHost:Urls"] = $"http://127.0.0.1:0;{url}" }, directory: _directory));

        Assert.Contains($"The address {url} cannot be listened on: Address already in use. ", Assert.Single(refusal.Problems), StringComparison.Ordinal);
        Assert.Contains("EmbeddedHost__Urls", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
