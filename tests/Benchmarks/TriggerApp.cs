using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Tests.Benchmarks;

/// <summary>The embedded host in this process, with one function that does nothing but say when it ran.</summary>
internal sealed class TriggerApp : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly DirectoryInfo _folder;
    private readonly MeterListener _meters = new();
    private long _operations;

    private TriggerApp(IHost host, DirectoryInfo folder, Arrivals arrivals)
    {
        _host = host;
        _folder = folder;
        Arrivals = arrivals;
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Serverless.Embedded.Storage")
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _operations, count));
        _meters.Start();
    }

    public Arrivals Arrivals { get; }

    /// <summary>The requests to storage that the host has made.</summary>
    public long StorageOperations => Interlocked.Read(ref _operations);

    /// <param name="connectionString">The storage.</param>
    /// <param name="function">The function that runs.</param>
    /// <param name="source">The queue or container it is triggered by.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<TriggerApp> StartAsync(string connectionString, string function, string source, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("serverless-bench-app-");
        var app = new EmbeddedApp { Directory = folder.FullName, Assemblies = [typeof(TriggerApp).Assembly], Name = "bench" };
        var builder = EmbeddedFunctions.CreateBuilder(
            [
                "--EmbeddedHost:Urls=http://127.0.0.1:0", $"--EmbeddedHost:StateDirectory={folder.FullName}", $"--AzureWebJobsStorage={connectionString}",
                $"--AzureFunctionsJobHost:functions:0={function}", $"--bench-source={source}",
            ],
            app);
        var arrivals = new Arrivals();
        builder.Services.AddSingleton(arrivals);
        builder.Logging.ClearProviders();
        var host = builder.Build();
        var started = new TriggerApp(host, folder, arrivals);
        await host.StartAsync(cancellationToken);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        _meters.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>What has run, in order.</summary>
public sealed class Arrivals
{
    private readonly Channel<string> _channel = Channel.CreateUnbounded<string>();

    public void Add(string what) => _channel.Writer.TryWrite(what);

    /// <summary>Returns once the next has run; it must be the one given.</summary>
    public async Task ExpectAsync(string what, CancellationToken cancellationToken)
    {
        var next = await _channel.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        if (next != what)
            throw new BenchmarkFailedException($"'{next}' ran; '{what}' was expected.");
    }

    /// <summary>Returns once so many more have run.</summary>
    public async Task ExpectAsync(int count, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        for (var i = 0; i < count; i++)
            await _channel.Reader.ReadAsync(deadline.Token);
    }
}

/// <summary>The functions that the trigger benchmarks run.</summary>
public sealed class TriggerFunctions(Arrivals arrivals)
{
    [Function("BenchQueue")]
    public void Queue([QueueTrigger("%bench-source%")] string message) => arrivals.Add(message);

    [Function("BenchBlob")]
    public void Blob([BlobTrigger("%bench-source%/{name}")] string content, string name) => arrivals.Add($"{name} {content}");
}
