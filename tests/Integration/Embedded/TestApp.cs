using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Embedded.Testing;

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
    private readonly bool _ownsDirectory;

    private TestApp(FunctionsTestApp app, Journal journal, string directory, bool ownsDirectory)
    {
        App = app;
        Journal = journal;
        DirectoryPath = directory;
        _ownsDirectory = ownsDirectory;
    }

    public FunctionsTestApp App { get; }

    public Journal Journal { get; }

    public string DirectoryPath { get; }

    public IServiceProvider Services => App.Services;

    public HttpClient Http => App.Http;

    /// <summary>One line for each thing logged: its level, category and message, and the exception in brackets.</summary>
    public IEnumerable<string> Log => App.Log.Entries.Select(entry =>
        $"{entry.Level} {entry.Category}: {entry.Message}{(entry.Exception is { } exception ? $" [{exception.GetType().Name}: {exception.Message}]" : "")}");

    /// <param name="azurite">The storage; null for an app that needs none.</param>
    /// <param name="functions">The names of the functions that run.</param>
    /// <param name="settings">Settings over the defaults of the tests, which poll fast.</param>
    /// <param name="configure">Adds to the app.</param>
    /// <param name="directory">The folder of host.json and of the durable store; one of its own when null.</param>
    /// <param name="journal">What the functions note in; one of its own when null.</param>
    /// <param name="aspNetCore">Whether HTTP functions use ASP.NET Core's types, or the worker's own.</param>
    public static Task<TestApp> StartAsync(
        AzuriteFixture? azurite, string[] functions, Dictionary<string, string>? settings = null, Action<FunctionsApplicationBuilder>? configure = null,
        string? directory = null, Journal? journal = null, bool aspNetCore = true) =>
        StartAtAsync(azurite?.ConnectionString, functions, settings, configure, directory, journal, aspNetCore);

    /// <summary>As <see cref="StartAsync"/>, for a storage that is known by its connection string; null for an app that needs none.</summary>
    public static async Task<TestApp> StartAtAsync(
        string? connectionString, string[] functions, Dictionary<string, string>? settings = null, Action<FunctionsApplicationBuilder>? configure = null,
        string? directory = null, Journal? journal = null, bool aspNetCore = true)
    {
        var ownsDirectory = directory is null;
        directory ??= Directory.CreateTempSubdirectory("app-").FullName;
        journal ??= new Journal();
        var values = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Debug", ["Logging:LogLevel:Microsoft"] = "Warning" };
        foreach (var (key, value) in settings ?? [])
            values[key] = value;

        var app = await FunctionsTestApp.StartAsync(
            arguments =>
            {
                var builder = FunctionsApplication.CreateBuilder(arguments);
                if (aspNetCore)
                    builder.ConfigureFunctionsWebApplication();
                builder.Services.AddSingleton(journal);
                configure?.Invoke(builder);
                builder.Build().Run();
            },
            Assembly.GetExecutingAssembly(),
            new FunctionsTestOptions
            {
                Storage = connectionString is null ? TestStorage.None : TestStorage.At(connectionString),
                Functions = functions,
                Settings = values,
                Directory = directory,
                StateDirectory = Path.Combine(directory, "state"),
            });
        return new TestApp(app, journal, directory, ownsDirectory);
    }

    public Task StopAsync() => App.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (_ownsDirectory)
            Directory.Delete(DirectoryPath, recursive: true);
    }
}
