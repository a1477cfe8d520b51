using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>What the sample functions note, and how they are told to behave.</summary>
public sealed class Journal
{
    private readonly ConcurrentQueue<string> _entries = new();

    public IReadOnlyCollection<string> Entries => _entries;

    /// <summary>Runs inside the sample functions, which pass what they note and their token.</summary>
    public Func<string, CancellationToken, Task> Act { get; set; } = (_, _) => Task.CompletedTask;

    public async Task NoteAsync(string entry, CancellationToken cancellationToken)
    {
        _entries.Enqueue(entry);
        await Act(entry, cancellationToken);
    }

    public void Note(string entry) => _entries.Enqueue(entry);

    public int Count(string entry) => _entries.Count(known => known == entry);
}

/// <summary>The sample functions of this assembly, or some of them, in a host of their own.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly bool _ownsDirectory;
    private bool _stopped;

    private TestApp(IHost host, Journal journal, string directory, bool ownsDirectory)
    {
        _host = host;
        Journal = journal;
        DirectoryPath = directory;
        _ownsDirectory = ownsDirectory;
    }

    public Journal Journal { get; }

    public string DirectoryPath { get; }

    public IServiceProvider Services => _host.Services;

    public HttpClient Http { get; private set; } = new();

    public required ConcurrentQueue<string> Log { get; init; }

    /// <param name="azurite">The storage; null for an app that needs none.</param>
    /// <param name="functions">The names of the functions that run.</param>
    /// <param name="settings">Settings over the defaults of the tests, which poll fast.</param>
    /// <param name="configure">Adds to the app.</param>
    /// <param name="directory">The folder of host.json and of the durable store; one of its own when null.</param>
    /// <param name="journal">What the functions note in; one of its own when null.</param>
    /// <param name="aspNetCore">Whether HTTP functions use ASP.NET Core's types, or the worker's own.</param>
    public static async Task<TestApp> StartAsync(
        AzuriteFixture? azurite, string[] functions, Dictionary<string, string>? settings = null, Action<FunctionsApplicationBuilder>? configure = null,
        string? directory = null, Journal? journal = null, bool aspNetCore = true)
    {
        var ownsDirectory = directory is null;
        directory ??= Directory.CreateTempSubdirectory("app-").FullName;
        var values = new Dictionary<string, string>
        {
            ["EmbeddedHost:Urls"] = "http://127.0.0.1:0",
            ["EmbeddedHost:StateDirectory"] = Path.Combine(directory, "state"),
            ["EmbeddedHost:DrainTimeout"] = "00:00:10",
            ["AzureFunctionsJobHost:extensions:queues:maxPollingInterval"] = "00:00:00.2",
            ["Logging:LogLevel:Default"] = "Debug",
            ["Logging:LogLevel:Microsoft"] = "Warning",
        };
        if (azurite is not null)
            values["AzureWebJobsStorage"] = azurite.ConnectionString;
        foreach (var (index, name) in functions.Index())
            values[$"AzureFunctionsJobHost:functions:{index}"] = name;
        foreach (var (key, value) in settings ?? [])
            values[key] = value;

        journal ??= new Journal();
        var app = new EmbeddedApp { Directory = directory, Assemblies = [Assembly.GetExecutingAssembly()], Name = "sample" };
        var builder = EmbeddedFunctions.CreateBuilder([.. values.Select(value => $"--{value.Key}={value.Value}")], app);
        if (aspNetCore)
            builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton(journal);
        builder.Logging.ClearProviders();
        var log = new ConcurrentQueue<string>();
        builder.Logging.AddProvider(new QueueLoggerProvider(log));
        configure?.Invoke(builder);
        var host = builder.Build();
        var test = new TestApp(host, journal, directory, ownsDirectory) { Log = log };
        await host.StartAsync();
        test.Http = new HttpClient { BaseAddress = new Uri(Address(host)), Timeout = TimeSpan.FromSeconds(30) };
        return test;
    }

    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        if (_ownsDirectory)
            Directory.Delete(DirectoryPath, recursive: true);
    }

    private static string Address(IHost host) =>
        host.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
            .Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First();

    private sealed class QueueLoggerProvider(ConcurrentQueue<string> log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new QueueLogger(categoryName, log);

        public void Dispose() => log.Enqueue("disposed");
    }

    private sealed class QueueLogger(string category, ConcurrentQueue<string> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{logLevel} {category}: {formatter(state, exception)}{(exception is null ? "" : $" [{exception.GetType().Name}: {exception.Message}]")}");
    }
}
