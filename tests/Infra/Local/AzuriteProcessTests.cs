using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using Serverless.Local;
using Serverless.Tests.Infra.House;

namespace Serverless.Tests.Infra.Local;

public sealed class AzuriteProcessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_WhenItReturns_ServesBlobsOnLoopback()
    {
        using var folder = new TemporaryFolder();
        await using var azurite = await AzuriteProcess.StartAsync(Options(folder), Cancelled);
        Assert.Equal("127.0.0.1", azurite.BlobUrl.Host);
        await WriteAsync(azurite, "written");
        Assert.Equal("written", await ReadAsync(azurite));
    }

    [Fact]
    public async Task StopAsync_ThenStartAsync_KeepsWhatWasStored()
    {
        using var folder = new TemporaryFolder();
        AzuritePorts ports;
        await using (var first = await AzuriteProcess.StartAsync(Options(folder), Cancelled))
        {
            ports = first.Ports;
            await WriteAsync(first, "kept");
            await first.StopAsync(Cancelled);
            Assert.True(first.Exited.IsCompletedSuccessfully);
            Assert.True(FreePort.IsFree(ports.Blob));
        }
        await using var second = await AzuriteProcess.StartAsync(Options(folder) with { Ports = ports }, Cancelled);
        Assert.Equal("kept", await ReadAsync(second));
        Assert.Equal(ports, second.Ports);
    }

    [Fact]
    public async Task StartAsync_WhenAWantedPortIsTaken_UsesAnother()
    {
        using var folder = new TemporaryFolder();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var taken = ((IPEndPoint)other.LocalEndPoint!).Port;
        var free = FreePort.Choose(0);
        await using var azurite = await AzuriteProcess.StartAsync(Options(folder) with { Ports = new AzuritePorts(taken, free, 0) }, Cancelled);
        Assert.NotEqual(taken, azurite.Ports.Blob);
        Assert.Equal(free, azurite.Ports.Queue);
        await WriteAsync(azurite, "elsewhere");
        Assert.Equal("elsewhere", await ReadAsync(azurite));
    }

    [Fact]
    public async Task StartAsync_OfSeveralAtOnce_GivesEachItsOwnStorage()
    {
        using var folder = new TemporaryFolder();
        var started = await Task.WhenAll(Enumerable.Range(0, 3).Select(number =>
            AzuriteProcess.StartAsync(Options(folder, $"{number}"), Cancelled)));
        try
        {
            Assert.Equal(3, started.Select(azurite => azurite.BlobUrl).Distinct().Count());
            foreach (var (number, azurite) in started.Index())
                await WriteAsync(azurite, $"{number}");
            foreach (var (number, azurite) in started.Index())
                Assert.Equal($"{number}", await ReadAsync(azurite));
        }
        finally
        {
            foreach (var azurite in started)
                await azurite.DisposeAsync();
        }
    }

    [Fact]
    public async Task StartAsync_WhenItCannotStart_ShowsTheEndOfItsLog()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("data"));
        // Azurite keeps its blobs' table in a file of this name; a folder in its place cannot be opened.
        Directory.CreateDirectory(folder.At("data", "__azurite_db_blob__.json"));
        var exception = await Assert.ThrowsAsync<LocalProcessException>(() => AzuriteProcess.StartAsync(Options(folder), Cancelled));
        Assert.Contains("Azurite ended with exit code 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("EISDIR", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_WhenNpmPackagesAreMissing_SaysHowToGetThem()
    {
        using var folder = new TemporaryFolder();
        var exception = await Assert.ThrowsAsync<LocalProcessException>(() =>
            AzuriteProcess.StartAsync(Options(folder) with { Script = folder.At("azurite.js") }, Cancelled));
        Assert.Contains("npm install", exception.Message, StringComparison.Ordinal);
    }

    private static AzuriteOptions Options(TemporaryFolder folder, string name = "data") => new()
    {
        Script = new Checkout(Tree.Root).AzuriteScript,
        DataFolder = folder.At(name),
        LogFile = folder.At($"{name}.log"),
        Ports = AzuritePorts.Any,
    };

    private static async Task WriteAsync(AzuriteProcess azurite, string text)
    {
        var container = new BlobContainerClient(azurite.ConnectionString, "things");
        await container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await container.GetBlobClient("a/thing").UploadAsync(BinaryData.FromString(text), overwrite: true, Cancelled);
    }

    private static async Task<string> ReadAsync(AzuriteProcess azurite) =>
        (await new BlobClient(azurite.ConnectionString, "things", "a/thing").DownloadContentAsync(Cancelled)).Value.Content.ToString();
}
