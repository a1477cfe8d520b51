using Serverless.Local.Processes;

namespace Serverless.Local.Instances;

/// <summary>Azurite and the app, started together, described in instance.json, stopped together.</summary>
public sealed class LocalInstance : IAsyncDisposable
{
    private readonly LocalFolders _folders;
    private readonly InstanceLock _lock;

    private LocalInstance(LocalFolders folders, InstanceLock instanceLock, AzuriteProcess azurite, AppProcess app)
    {
        _folders = folders;
        _lock = instanceLock;
        Azurite = azurite;
        App = app;
    }

    public AzuriteProcess Azurite { get; }
    public AppProcess App { get; }

    /// <summary>Starts both on the usual ports, or on free ones where those are taken, and returns when both answer.</summary>
    /// <param name="command">What starts it: "up" or "demo".</param>
    /// <param name="prepare">Called once it is sure that no other instance runs, before anything is started.</param>
    /// <exception cref="CommandException">Another one runs.</exception>
    /// <exception cref="LocalProcessException">One of them did not start.</exception>
    public static async Task<LocalInstance> StartAsync(
        string command, Checkout checkout, LocalFolders folders, Action prepare, CancellationToken cancellationToken)
    {
        var instanceLock = InstanceLock.TryTake(folders.Home)
            ?? throw new CommandException(await DescribeOtherAsync(folders.Home, cancellationToken).ConfigureAwait(false));
        AzuriteProcess? azurite = null;
        AppProcess? app = null;
        try
        {
            prepare();
            azurite = await AzuriteProcess.StartAsync(
                new AzuriteOptions { Script = checkout.AzuriteScript, DataFolder = folders.Azurite, LogFile = folders.AzuriteLog },
                cancellationToken).ConfigureAwait(false);
            app = await AppProcess.StartAsync(
                new AppOptions
                {
                    Assembly = checkout.AppAssembly,
                    ConnectionString = azurite.ConnectionString,
                    StateFolder = folders.State,
                    LogFile = folders.AppLog,
                    Port = WishedPort() ?? AppOptions.UsualPort,
                },
                cancellationToken).ConfigureAwait(false);
            var instance = new LocalInstance(folders, instanceLock, azurite, app);
            await instance.PublishAsync(command, cancellationToken).ConfigureAwait(false);
            return instance;
        }
        catch
        {
            await StopAsync(app, azurite).ConfigureAwait(false);
            instanceLock.Dispose();
            throw;
        }
    }

    /// <summary>The port of the host's setting; the rest of it is for an app that is started by itself.</summary>
    private static int? WishedPort() =>
        Uri.TryCreate(Environment.GetEnvironmentVariable("EmbeddedHost__Urls")?.Split(';')[0], UriKind.Absolute, out var url) ? url.Port : null;

    /// <summary>Does <paramref name="work"/>, and gives it up when Azurite or the app ends in the meantime.</summary>
    /// <exception cref="LocalProcessException">One of them ended by itself; the message holds the end of its log.</exception>
    public async Task<T> WhileRunningAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(stop.Token);
        var ended = Task.WhenAny(Azurite.Exited, App.Exited);
        await Task.WhenAny(working, ended).ConfigureAwait(false);
        // A request that failed because its server died is seen a little before the death itself.
        if (working.IsFaulted)
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken)).ConfigureAwait(false);
        if (!ended.IsCompleted || working.IsCompletedSuccessfully)
            return await working.ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new LocalProcessException(App.Exited.IsCompleted ? App.DescribeExit() : Azurite.DescribeExit());
    }

    public async ValueTask DisposeAsync()
    {
        RunningInstance.Withdraw(_folders.Home);
        await StopAsync(App, Azurite).ConfigureAwait(false);
        _lock.Dispose();
    }

    // The app first: while it drains it still writes to Azurite.
    private static async Task StopAsync(AppProcess? app, AzuriteProcess? azurite)
    {
        if (app is not null)
            await app.DisposeAsync().ConfigureAwait(false);
        if (azurite is not null)
            await azurite.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<string> DescribeOtherAsync(string home, CancellationToken cancellationToken) =>
        await RunningInstance.FindAsync(home, cancellationToken).ConfigureAwait(false) is { } other
            ? $"One is running already: ./dev {other.Command}, process {other.Process.Id}, the app at {other.AppUrl}, blobs at {other.BlobUrl}. " +
              $"Stop it with Ctrl-C where it was started, or: kill {other.Process.Id}"
            : $"Another one is being started or stopped: it holds {Path.Combine(home, "lock")}. Try again in a few seconds.";

    private Task PublishAsync(string command, CancellationToken cancellationToken) =>
        new RunningInstance
        {
            Command = command,
            Process = ProcessIdentity.Current,
            AppUrl = App.Url,
            BlobUrl = Azurite.BlobUrl,
            QueueUrl = Azurite.QueueUrl,
            TableUrl = Azurite.TableUrl,
            ConnectionString = Azurite.ConnectionString,
            LogFolder = _folders.Logs,
        }.PublishAsync(_folders.Home, cancellationToken);
}
