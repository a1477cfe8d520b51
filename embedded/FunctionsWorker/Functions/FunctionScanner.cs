using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Finds the methods marked <c>[Function]</c>.</summary>
internal static class FunctionScanner
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The assembly and all that it references, directly or not, which themselves reference this host's.</summary>
    public static IReadOnlyList<Assembly> AssembliesOf(Assembly entry)
    {
        var host = typeof(FunctionAttribute).Assembly.GetName().Name;
        var found = new List<Assembly>();
        var seen = new HashSet<string?> { host };
        var open = new Queue<Assembly>([entry]);
        while (open.TryDequeue(out var assembly))
        {
            var references = assembly.GetReferencedAssemblies();
            if (references.All(reference => reference.Name != host))
                continue;
            found.Add(assembly);
            foreach (var reference in references.Where(reference => seen.Add(reference.Name) && !IsFramework(reference.Name)))
                open.Enqueue(Assembly.Load(reference));
        }

        return found;
    }

    public static IEnumerable<(string Name, MethodInfo Method)> FunctionsOf(IEnumerable<Assembly> assemblies) =>
        from assembly in assemblies
        from type in assembly.GetTypes()
        from method in type.GetMethods(Any)
        let attribute = method.GetCustomAttribute<FunctionAttribute>()
        where attribute is not null
        select (attribute.Name, method);

    private static bool IsFramework(string? name) =>
        name is null || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal);
}
