using System.Reflection;
using Serverless.Embedded.FunctionsWorker;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.Testing;

/// <summary>How to run an app: its entry point, and what its builder is to make.</summary>
internal sealed record AppUnderTest(Action<string[]> EntryPoint, EmbeddedApp App)
{
    /// <summary>Other apps whose host.json and local.settings.json may lie in the app's folder instead of its own.</summary>
    public IReadOnlyList<string> OtherApps { get; private init; } = [];

    /// <exception cref="TestAppException">The assembly is no program.</exception>
    public static AppUnderTest Of(Assembly assembly) => Of(EntryPointOf(assembly), assembly, FunctionScanner.AssembliesOf(assembly));

    /// <summary>The functions of one assembly, run by a program of the test's.</summary>
    public static AppUnderTest Of(Action<string[]> entryPoint, Assembly functions) => Of(entryPoint, functions, [functions]);

    private static AppUnderTest Of(Action<string[]> entryPoint, Assembly assembly, IReadOnlyList<Assembly> assemblies)
    {
        var folder = AppFolder.Of(assembly);
        return new AppUnderTest(entryPoint, new EmbeddedApp { Directory = folder.Path, Assemblies = assemblies, Name = assembly.GetName().Name! }) { OtherApps = folder.OtherApps };
    }

    private static Action<string[]> EntryPointOf(Assembly assembly)
    {
        var method = assembly.EntryPoint
            ?? throw new TestAppException($"{assembly.GetName().Name} has no entry point to start. Name a type of the app's own project, the one with Program.cs.");
        return arguments => method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, method.GetParameters().Length == 0 ? [] : [arguments], null);
    }
}
