using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Serverless.Embedded.FunctionsWorker;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.Testing;

/// <summary>An app's entry point at work, from its start to its end.</summary>
internal sealed class AppRun
{
    private readonly IHost _host;
    private readonly Task _main;

    private AppRun(IHost host, Task main)
    {
        _host = host;
        _main = main;
    }

    public IServiceProvider Services => _host.Services;

    public HostService Host => _host.Services.GetServices<IHostedService>().OfType<HostService>().Single();

    /// <summary>Returns when the host runs.</summary>
    /// <exception cref="TestAppException">The entry point ended before that. What it throws comes through as it is.</exception>
    public static async Task<AppRun> StartAsync(AppUnderTest app, string[] arguments, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        IHost? built = null;
        var embedded = app.App with
        {
            ConfigureServices = services =>
            {
                // The test runner's signals are not the app's affair.
                services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoSignals>());
                app.App.ConfigureServices?.Invoke(services);
            },
            Built = host =>
            {
                built = host;
                host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => started.TrySetResult(host));
            },
        };
        var main = Task.Factory.StartNew(
            () => EmbeddedFunctions.RunAs(embedded, () => app.EntryPoint(arguments)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await Task.WhenAny(started.Task, main).WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            built?.Services.GetService<IHostApplicationLifetime>()?.StopApplication();
            throw late is TimeoutException ? new TestAppException($"{app.App.Name} did not run within {patience}.", late) : late;
        }

        if (started.Task.IsCompletedSuccessfully)
            return new AppRun(await started.Task.ConfigureAwait(false), main);
        await main.ConfigureAwait(false);
        throw new TestAppException($"The entry point of {app.App.Name} ended before its host ran. It is expected to build a host of functions and to run it: builder.Build().Run().");
    }

    /// <summary>As SIGTERM does: work in hand is drained. Returns when the entry point has.</summary>
    public Task StopAsync()
    {
        if (!_main.IsCompleted)
            _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        return _main;
    }

    /// <summary>As kill -9 does, as far as that can be in a process that goes on.</summary>
    public async Task CrashAsync()
    {
        if (_main.IsCompleted)
            return;
        await Host.AbortAsync().ConfigureAwait(false);
        // Requests in hand are cut off, too.
        Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = TimeSpan.Zero;
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        // A killed app would not tell how it ended.
        await _main.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
