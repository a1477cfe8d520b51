using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Logging;

namespace Serverless.Embedded.Testing;

/// <summary>
/// A whole function app in this process, started through its own entry point: its triggers on a real storage, its HTTP functions on a real port of 127.0.0.1,
/// its orchestrations on a durable store of their own, and a clock that can be moved. Several may run at once.
/// </summary>
public sealed partial class FunctionsTestApp : IAsyncDisposable
{
    private readonly AppUnderTest _app;
    private readonly FunctionsTestOptions _options;
    private readonly TestStorageAccount? _storage;
    private readonly DirectoryInfo? _ownFolder;
    private AppRun? _run;
    private HttpClient? _http;

    private FunctionsTestApp(AppUnderTest app, FunctionsTestOptions options, TestStorageAccount? storage)
    {
        _options = options;
        _storage = storage;
        Clock = options.Clock ?? new TestClock();
        _ownFolder = options.StateDirectory is null ? Directory.CreateTempSubdirectory("functions-test-") : null;
        StateDirectory = Path.GetFullPath(options.StateDirectory ?? _ownFolder!.FullName);
        _app = app with
        {
            App = app.App with
            {
                Directory = options.Directory ?? app.App.Directory,
                Time = Clock,
                Settings = Settings(),
                ConfigureServices = ConfigureServices,
            },
        };
    }

    /// <summary>A client of the app's address; another one after each start.</summary>
    public HttpClient Http => _http ?? throw NotRunning();

    /// <summary>The running app's services.</summary>
    public IServiceProvider Services => Run.Services;

    /// <summary>The client of the app's task hub.</summary>
    /// <exception cref="TestAppException">The app has no durable functions.</exception>
    public DurableTaskClient Durable => Services.GetService<BoundDurableTaskClient>() ?? throw new TestAppException($"{_app.App.Name} has no durable functions, so it has no task hub.");

    /// <summary>What tells the app and its host the time.</summary>
    public TestClock Clock { get; }

    /// <exception cref="TestAppException">It was started with <see cref="TestStorage.None"/>.</exception>
    public TestStorageAccount Storage => _storage ?? throw new TestAppException("The app was started without storage. Set FunctionsTestOptions.Storage to one.");

    public TestLog Log { get; } = new();

    /// <summary>The folder of the durable store.</summary>
    public string StateDirectory { get; }

    /// <summary>Replays recorded histories against the app's orchestrators.</summary>
    public HistoryReplay Replay => new(Services);

    private AppRun Run => _run ?? throw NotRunning();

    /// <summary>Starts the program that <typeparamref name="TProgram"/> is part of, and returns when its host runs.</summary>
    /// <typeparam name="TProgram">Any type of the project with the entry point.</typeparam>
    /// <exception cref="TestAppException">The host did not run. What the entry point throws comes through as it is.</exception>
    public static Task<FunctionsTestApp> StartAsync<TProgram>(FunctionsTestOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(AppUnderTest.Of(typeof(TProgram).Assembly), options, cancellationToken);

    /// <inheritdoc cref="StartAsync{TProgram}"/>
    /// <param name="program">The assembly with the entry point.</param>
    public static Task<FunctionsTestApp> StartAsync(Assembly program, FunctionsTestOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(AppUnderTest.Of(program), options, cancellationToken);

    /// <summary>Runs the functions of one assembly under an entry point of the test's own, and returns when the host runs.</summary>
    /// <param name="entryPoint">Builds the app's host and runs it, as Program.cs does.</param>
    /// <param name="functions">Whose public methods marked <c>[Function]</c> are the functions.</param>
    /// <inheritdoc cref="StartAsync{TProgram}"/>
    public static Task<FunctionsTestApp> StartAsync(
        Action<string[]> entryPoint, Assembly functions, FunctionsTestOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(AppUnderTest.Of(entryPoint, functions), options, cancellationToken);

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="CrashAsync"/>, on the same storage, durable store and clock.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        if (_run is not null)
            throw new TestAppException($"{_app.App.Name} runs already. Stop it first.");
        _run = await AppRun.StartAsync(_app, [.. _options.Arguments], _options.Patience, cancellationToken).ConfigureAwait(false);
        var addresses = _run.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        if (_options.Directory is null && _app.OtherApps.Count > 0)
            LogSharedFolder(_run.Services.GetRequiredService<ILogger<FunctionsTestApp>>(), _app.App.Directory, _app.App.Name, string.Join(", ", _app.OtherApps));
        _http = new HttpClient { BaseAddress = new Uri(addresses.First()), Timeout = _options.Patience };
    }

    /// <summary>Stops it as SIGTERM does: no more work is taken, and what is in hand is finished, within the drain timeout.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _run, null) is not { } run)
            return;
        Interlocked.Exchange(ref _http, null)?.Dispose();
        await run.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Stops it and starts it again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync().ConfigureAwait(false);
        await StartAgainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends it as kill -9 does: nothing is drained, requests are cut off, and what the durable store had not yet written is lost. Unlike a killed process it
    /// gives its queue messages back at once, and functions that pay no heed to their token go on, though nothing of the host sees their results.
    /// </summary>
    public async Task CrashAsync()
    {
        if (Interlocked.Exchange(ref _run, null) is not { } run)
            return;
        Interlocked.Exchange(ref _http, null)?.Dispose();
        await run.CrashAsync().ConfigureAwait(false);
    }

    /// <summary>The present history of an orchestration, to be kept in a file and replayed against later code; null when there is no such instance.</summary>
    public Task<HistoryRecording?> ExportHistoryAsync(string instanceId, CancellationToken cancellationToken) =>
        Services.GetRequiredService<TaskHub>().ExportHistoryAsync(instanceId, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _ownFolder?.Delete(recursive: true);
    }

    private static async Task<FunctionsTestApp> StartAsync(AppUnderTest app, FunctionsTestOptions? options, CancellationToken cancellationToken)
    {
        options ??= new FunctionsTestOptions();
        var test = new FunctionsTestApp(app, options, await options.Storage.OpenAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            await test.StartAgainAsync(cancellationToken).ConfigureAwait(false);
            return test;
        }
        catch
        {
            await test.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["EmbeddedHost__Urls"] = "http://127.0.0.1:0",
            ["EmbeddedHost__StateDirectory"] = StateDirectory,
            ["EmbeddedHost__DrainTimeout"] = "00:00:10",
            // A test waits for each message that it sends; the default is a minute.
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.2",
        };
        if (_storage is not null)
            settings["AzureWebJobsStorage"] = _storage.ConnectionString;
        foreach (var (index, name) in _options.Functions.Index())
            settings[$"AzureFunctionsJobHost__functions__{index}"] = name;
        foreach (var (name, value) in _options.Settings)
            settings[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return settings;
    }

    private void ConfigureServices(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        BatchedConsole.Remove(services);
        services.AddSingleton<ILoggerProvider>(new TestLogProvider(Log, Clock));
        _options.ConfigureServices?.Invoke(services);
    }

    [LoggerMessage(1, LogLevel.Warning, "host.json and local.settings.json in {Folder} may not be those of {App}: the folder is also that of {Others}, and holds one of each. "
        + "Put host.json into the folder of the app's project, or set FunctionsTestOptions.Directory to where its files are")]
    private static partial void LogSharedFolder(ILogger logger, string folder, string app, string others);

    private TestAppException NotRunning() => new($"{_app.App.Name} does not run: it was stopped, or has crashed. Start it again with StartAgainAsync.");
}
