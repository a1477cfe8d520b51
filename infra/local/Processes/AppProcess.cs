using System.Net;

namespace Serverless.Local.Processes;

/// <summary>What an app of ours needs.</summary>
public sealed record AppOptions
{
    /// <summary>Where Core Tools listen.</summary>
    public const int UsualPort = 7071;

    /// <summary>Serverless.Functions.dll, see <see cref="Checkout.AppAssembly"/>.</summary>
    public required string Assembly { get; init; }
    public required string ConnectionString { get; init; }
    /// <summary>Where the durable state lies; created. An app started again on the same folder goes on where the last one ended.</summary>
    public required string StateFolder { get; init; }
    public required string LogFile { get; init; }
    /// <summary>Wished for; when it is 0 or taken, a free one is used. Default: 7071, as with Core Tools.</summary>
    public int Port { get; init; } = UsualPort;
    /// <summary>Further settings, by their names as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    /// <summary>How long it may take to be ready. Default: one minute.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);
    /// <summary>How long it may drain before it is killed. Default: 40 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(40);
}

/// <summary>The app as a process of its own on 127.0.0.1.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly AppOptions _options;

    private AppProcess(AppOptions options, int port)
    {
        _options = options;
        Url = new Uri($"http://127.0.0.1:{port}/");
        _process = ChildProcess.Start(Command(options, Url));
    }

    /// <summary>The address of its HTTP endpoints, with a slash at the end.</summary>
    public Uri Url { get; }
    public int ProcessId => _process.Id;

    /// <summary>Completes when the process has ended, however it ended.</summary>
    public Task Exited => _process.Exited;

    /// <summary>Starts the app without waiting for it.</summary>
    /// <exception cref="LocalProcessException">It has not been built.</exception>
    public static AppProcess Start(AppOptions options)
    {
        if (!File.Exists(options.Assembly))
            throw new LocalProcessException($"The app was not found at {options.Assembly}. Run ./dev setup, and try again.");
        Directory.CreateDirectory(options.StateFolder);
        return new AppProcess(options, FreePort.Choose(options.Port));
    }

    /// <summary>Starts the app and returns when GET /health/ready answers 200.</summary>
    /// <exception cref="LocalProcessException">It ended or was not ready in time.</exception>
    public static Task<AppProcess> StartAsync(AppOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, attempts: 3, cancellationToken);

    /// <summary>Returns when GET /health/ready answers 200.</summary>
    /// <exception cref="LocalProcessException">The app ended or was not ready in time.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            await Poll.UntilTrueAsync(token => IsReadyAsync(client, token), $"{Url}health/ready to answer 200", _options.StartTimeout, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new LocalProcessException($"{exception.Message} Its log is {_options.LogFile}.");
        }
    }

    /// <summary>Sends SIGTERM, lets the app drain, kills it when it takes too long.</summary>
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

    private static async Task<AppProcess> StartAsync(AppOptions options, int attempts, CancellationToken cancellationToken)
    {
        var app = Start(options);
        try
        {
            await app.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
            return app;
        }
        catch (LocalProcessException) when (attempts > 1 && app._process.ReadLog().Contains("address already in use", StringComparison.OrdinalIgnoreCase))
        {
            // Somebody took the port between our look and its use.
            await app.DisposeAsync().ConfigureAwait(false);
            return await StartAsync(options with { Port = 0 }, attempts - 1, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await app._process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static ChildCommand Command(AppOptions options, Uri url) => new()
    {
        Name = "The app",
        FileName = "dotnet",
        Arguments = [options.Assembly],
        WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(options.Assembly))!,
        LogFile = options.LogFile,
        Environment = new Dictionary<string, string>(options.Environment)
        {
            ["AzureWebJobsStorage"] = options.ConnectionString,
            ["EmbeddedHost__Urls"] = url.GetLeftPart(UriPartial.Authority),
            ["EmbeddedHost__StateDirectory"] = options.StateFolder,
        },
    };

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        if (Exited.IsCompleted)
            throw new LocalProcessException(DescribeExit());
        try
        {
            using var response = await client.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // nobody listens yet
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // it listens but does not answer yet
        }
    }
}
