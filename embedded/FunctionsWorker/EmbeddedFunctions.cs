using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker;

/// <summary>Runs a function app in this process, so that a whole app can be started and tested without any other tool.</summary>
public static class EmbeddedFunctions
{
    /// <summary>The app that builders of this flow of execution make; null for that of the process.</summary>
    internal static readonly AsyncLocal<EmbeddedApp?> Ambient = new();

    /// <summary>As <c>FunctionsApplication.CreateBuilder</c>, for an app that need not be this process's own.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args, EmbeddedApp app) => new(args, new HostComposition(app));

    /// <summary>Runs code such as an app's entry point, whose builders make <paramref name="app"/> instead of the app that this process was started with.</summary>
    public static void RunAs(EmbeddedApp app, Action code)
    {
        var before = Ambient.Value;
        Ambient.Value = app;
        using var building = HostBuilding.Observe(app);
        try
        {
            code();
        }
        finally
        {
            Ambient.Value = before;
        }
    }
}

/// <summary>Where a function app's files and functions are.</summary>
public sealed record EmbeddedApp
{
    /// <summary>The folder that holds host.json and local.settings.json.</summary>
    public required string Directory { get; init; }

    /// <summary>The assemblies whose public methods marked <c>[Function]</c> are the app's functions.</summary>
    public required IReadOnlyList<Assembly> Assemblies { get; init; }

    /// <summary>The app's name, which its host id is made from unless one is configured.</summary>
    public required string Name { get; init; }

    /// <summary>What tells the time and makes timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Settings that win over all others, with the names they have in local.settings.json.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Adds services after all others, or replaces some.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Is given the host once it is built, before it starts.</summary>
    public Action<IHost>? Built { get; init; }

    /// <summary>Whether the process is this app's own, with its environment variables.</summary>
    internal bool OwnsProcess { get; private init; }

    /// <summary>The app that a program's builder makes: the one it was told to run as, else that of this process.</summary>
    internal static EmbeddedApp Current()
    {
        var app = EmbeddedFunctions.Ambient.Value ?? OfThisProcess();
        if (app.OwnsProcess)
        {
            AppConfiguration.SetEnvironment(app.Directory);
            // Once, however many builders there are.
            AppDomain.CurrentDomain.UnhandledException -= TellRefusal;
            AppDomain.CurrentDomain.UnhandledException += TellRefusal;
        }

        return app;
    }

    /// <summary>Ends a process that cannot start with what is wrong and how to mend it, which a trace of the stack would bury.</summary>
    private static void TellRefusal(object sender, UnhandledExceptionEventArgs unhandled)
    {
        if (unhandled.ExceptionObject is not HostStartException refusal)
            return;
        Console.Error.WriteLine(refusal.Message);
        Environment.Exit(1);
    }

    /// <summary>The app this process was started with: its entry assembly and all that those reference which use this host.</summary>
    private static EmbeddedApp OfThisProcess()
    {
        var entry = Assembly.GetEntryAssembly()
            ?? throw new HostStartException(["This process has no entry assembly to look for functions in; use EmbeddedFunctions.CreateBuilder and name the assemblies."]);
        return new EmbeddedApp
        {
            Directory = AppContext.BaseDirectory,
            Assemblies = Functions.FunctionScanner.AssembliesOf(entry),
            Name = entry.GetName().Name!,
            OwnsProcess = true,
        };
    }
}

/// <summary>The app cannot start: settings or functions are wrong.</summary>
public sealed class HostStartException : Exception
{
    internal HostStartException(IReadOnlyList<string> problems)
        : base(problems.Count == 1
            ? "The function app cannot start: " + problems[0]
            : $"The function app cannot start, for {problems.Count} reasons:{string.Concat(problems.Select(problem => Environment.NewLine + "  - " + problem))}")
    {
        Problems = problems;
    }

    /// <summary>Everything found, one sentence or two each.</summary>
    public IReadOnlyList<string> Problems { get; }
}
