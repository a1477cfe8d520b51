using System.Diagnostics;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>A real Azurite on free loopback ports, its data in a folder of its own; shared by the tests of a collection.</summary>
public sealed partial class AzuriteProcess : IAsyncLifetime
{
    /// <summary>Azurite's own well-known development account; it opens nothing but an Azurite.</summary>
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("azurite-").FullName;
    private Process? _process;
    private string _blobPort = "0";
    private string _queuePort = "0";

    public string ConnectionString =>
        $"{Account}BlobEndpoint=http://127.0.0.1:{_blobPort}/devstoreaccount1;QueueEndpoint=http://127.0.0.1:{_queuePort}/devstoreaccount1;";

    public BlobServiceClient Blobs => new(ConnectionString);

    /// <summary>Sends and receives base64, as functions expect.</summary>
    public QueueServiceClient Queues => new(ConnectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it, on the ports it had before if it was stopped.</summary>
    public async Task StartAsync()
    {
        var info = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            Script(), "--location", _directory, "--blobHost", "127.0.0.1", "--blobPort", _blobPort, "--queueHost", "127.0.0.1", "--queuePort", _queuePort,
            "--tableHost", "127.0.0.1", "--tablePort", "0", "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
        {
            info.ArgumentList.Add(argument);
        }

        _process = Process.Start(info)!;
        var blobPort = new TaskCompletionSource<string>();
        var queuePort = new TaskCompletionSource<string>();
        void Read(string? line)
        {
            if (line is null)
                return;
            var match = Listening().Match(line);
            if (match.Success)
                (match.Groups[1].Value == "Blob" ? blobPort : queuePort).TrySetResult(match.Groups[2].Value);
        }

        _process.OutputDataReceived += (_, output) => Read(output.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _blobPort = await blobPort.Task.WaitAsync(StartTimeout);
        _queuePort = await queuePort.Task.WaitAsync(StartTimeout);
    }

    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static string Script()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var script = Path.Combine(directory.FullName, "node_modules", "azurite", "dist", "src", "azurite.js");
            if (File.Exists(script))
                return script;
        }

        throw new FileNotFoundException("Azurite was not found in node_modules above the tests. Run 'npm ci' at the root of the repository.");
    }

    [GeneratedRegex(@"Azurite (Blob|Queue) service is successfully listening at http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}

[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteProcess>
{
    public const string Name = "Azurite";
}
