using System.Reflection;
using Serverless.Embedded.FunctionsWorker;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.Testing;

/// <summary>How to run an app: its entry point, and what its builder is to make.</summary>
internal sealed record AppUnderTest(Action<string[]> EntryPoint, EmbeddedApp App)
{
    /// <exception cref="TestAppException">The assembly is no program.</exception>
    public static AppUnderTest Of(Assembly assembly) => new(EntryPointOf(assembly), AppOf(assembly, FunctionScanner.AssembliesOf(assembly)));

    /// <summary>The functions of one assembly, run by a program of the test's.</summary>
    public static AppUnderTest Of(Action<string[]> entryPoint, Assembly functions) => new(entryPoint, AppOf(functions, [functions]));

    private static EmbeddedApp AppOf(Assembly assembly, IReadOnlyList<Assembly> assemblies) => new()
    {
        Directory = Path.GetDirectoryName(assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory,
        Assemblies = assemblies,
        Name = assembly.GetName().Name!,
    };

    private static Action<string[]> EntryPointOf(Assembly assembly)
    {
        var method = assembly.EntryPoint
            ?? throw new TestAppException($"{assembly.GetName().Name} has no entry point to start. Name a type of the app's own project, the one with Program.cs.");
        return arguments => method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, method.GetParameters().Length == 0 ? [] : [arguments], null);
    }
}
