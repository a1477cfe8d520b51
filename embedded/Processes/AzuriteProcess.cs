using System.Text.RegularExpressions;

namespace Serverless.Embedded.Processes;

/// <summary>Ports wished for; one that is 0 or taken is replaced by a free one.</summary>
public sealed record AzuritePorts(int Blob, int Queue, int Table)
{
    public static AzuritePorts Usual { get; } = new(10000, 10001, 10002);
    public static AzuritePorts Any { get; } = new(0, 0, 0);
}

/// <summary>An account of Azurite.</summary>
/// <param name="Name">3 to 24 small letters and digits.</param>
/// <param name="Key">Base64.</param>
public sealed record AzuriteAccount(string Name, string Key)
{
    /// <summary>The development account and key that Azurite and its documentation publish; it guards nothing.</summary>
    public static AzuriteAccount WellKnown { get; } =
        new("devstoreaccount1", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");
}

/// <summary>What an Azurite of ours needs.</summary>
public sealed record AzuriteOptions
{
    /// <summary>azurite.js, see <see cref="AzuriteScript.Find"/>.</summary>
    public required string Script { get; init; }
    /// <summary>Where it keeps blobs and queues; created. Null keeps them in memory.</summary>
    public required string? DataFolder { get; init; }
    public required string LogFile { get; init; }
    /// <summary>The accounts it has. Default: the well-known one.</summary>
    public IReadOnlyList<AzuriteAccount> Accounts { get; init; } = [AzuriteAccount.WellKnown];
    public AzuritePorts Ports { get; init; } = AzuritePorts.Usual;
    /// <summary>How long it may take to answer. Default: one minute.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);
    /// <summary>How long it may take to save and end, before it is killed. Default: 10 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A running Azurite on 127.0.0.1: blobs, queues and tables as Azure Storage offers them.</summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    // When we are killed, the kernel sends SIGTERM once for each of our threads that ends. Azurite listens to the first and saves its index;
    // without another listener the second would end it before it has.
    private const string OutliveRepeatedSigterm = "data:text/javascript,process.on('SIGTERM',()=>{})";
    private readonly ChildProcess _process;
    private readonly AzuriteOptions _options;

    private AzuriteProcess(ChildProcess process, AzuriteOptions options, AzuritePorts ports)
    {
        _process = process;
        _options = options;
        Ports = ports;
    }

    public AzuritePorts Ports { get; }
    public Uri BlobUrl => Url(Ports.Blob, FirstAccount);
    public Uri QueueUrl => Url(Ports.Queue, FirstAccount);
    public Uri TableUrl => Url(Ports.Table, FirstAccount);
    public int ProcessId => _process.Id;

    /// <summary>That of the first account.</summary>
    public string ConnectionString => ConnectionStringOf(FirstAccount);

    private AzuriteAccount FirstAccount => _options.Accounts[0];

    /// <summary>Completes when the process has ended, however it ended.</summary>
    public Task Exited => _process.Exited;

    /// <summary>Starts Azurite and returns when all three services answer.</summary>
    /// <exception cref="LocalProcessException">It ended or did not answer in time.</exception>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Script))
            throw new LocalProcessException($"Azurite was not found at {options.Script}. {AzuriteScript.Remedy}");
        if (options.DataFolder is not null)
            Directory.CreateDirectory(options.DataFolder);
        var ports = new AzuritePorts(IfFree(options.Ports.Blob), IfFree(options.Ports.Queue), IfFree(options.Ports.Table));
        var process = ChildProcess.Start(Command(options, ports));
        try
        {
            var listening = await Poll.UntilAsync(_ => Task.FromResult(Listening(process)), "Azurite to answer", options.StartTimeout, cancellationToken)
                .ConfigureAwait(false);
            return new AzuriteProcess(process, options, listening);
        }
        catch (LocalProcessException) when (ports != AzuritePorts.Any && process.ReadLog().Contains("EADDRINUSE", StringComparison.Ordinal))
        {
            // Somebody took a port between our look and its use.
            await process.DisposeAsync().ConfigureAwait(false);
            return await StartAsync(options with { Ports = AzuritePorts.Any }, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw new LocalProcessException($"{exception.Message} Its log is {options.LogFile}.");
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public string ConnectionStringOf(AzuriteAccount account) =>
        $"DefaultEndpointsProtocol=http;AccountName={account.Name};AccountKey={account.Key};" +
        $"BlobEndpoint={Url(Ports.Blob, account)};QueueEndpoint={Url(Ports.Queue, account)};TableEndpoint={Url(Ports.Table, account)};";

    /// <summary>Lets it save its state and end.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _process.StopAsync(_options.StopTimeout, cancellationToken);

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc cref="ChildProcess.DescribeExit"/>
    public string DescribeExit() => _process.DescribeExit();

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
    }

    private static Uri Url(int port, AzuriteAccount account) => new($"http://127.0.0.1:{port}/{account.Name}");

    private static int IfFree(int port) => port != 0 && FreePort.IsFree(port) ? port : 0;

    private static ChildCommand Command(AzuriteOptions options, AzuritePorts ports) => new()
    {
        Name = "Azurite",
        FileName = "node",
        WorkingDirectory = options.DataFolder ?? Path.GetDirectoryName(Path.GetFullPath(options.LogFile))!,
        LogFile = options.LogFile,
        Environment = new Dictionary<string, string>
        {
            ["AZURITE_ACCOUNTS"] = string.Join(';', options.Accounts.Select(account => $"{account.Name}:{account.Key}")),
        },
        Arguments = [
            "--import", OutliveRepeatedSigterm, options.Script, "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            .. options.DataFolder is { } folder ? ["--location", folder] : (string[])["--inMemoryPersistence"],
            "--blobHost", "127.0.0.1", "--blobPort", $"{ports.Blob}",
            "--queueHost", "127.0.0.1", "--queuePort", $"{ports.Queue}",
            "--tableHost", "127.0.0.1", "--tablePort", $"{ports.Table}"],
    };

    // Azurite says so once a service listens; with port 0 this is also the only place that tells the port.
    private static AzuritePorts? Listening(ChildProcess process)
    {
        var ended = process.Exited.IsCompleted;
        var ports = ListeningLine().Matches(process.ReadLog())
            .ToLookup(match => match.Groups["service"].Value, match => int.Parse(match.Groups["port"].Value, provider: null));
        if (ended)
            throw new LocalProcessException(process.DescribeExit());
        return ports.Contains("Blob") && ports.Contains("Queue") && ports.Contains("Table")
            ? new AzuritePorts(ports["Blob"].Last(), ports["Queue"].Last(), ports["Table"].Last())
            : null;
    }

    [GeneratedRegex(@"Azurite (?<service>Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(?<port>\d+)\b")]
    private static partial Regex ListeningLine();
}
