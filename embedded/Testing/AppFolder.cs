using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Embedded.Testing;

/// <summary>
/// Where an app's own host.json and local.settings.json are. A test project's output folder has one of each, however many apps it refers to; so those in the folder
/// of the app's project are taken, which its symbols tell, and the copies beside the assembly only where it has none.
/// </summary>
/// <param name="Path">The folder.</param>
/// <param name="OtherApps">The names of other apps whose files may lie there instead of this one's.</param>
internal sealed record AppFolder(string Path, IReadOnlyList<string> OtherApps)
{
    private const string HostFile = "host.json";

    public static AppFolder Of(Assembly assembly)
    {
        if (assembly.Location is not { Length: > 0 } location)
            return new AppFolder(AppContext.BaseDirectory, []);
        if (ProjectOf(location) is { } project && File.Exists(System.IO.Path.Combine(project, HostFile)))
            return new AppFolder(project, []);
        var folder = System.IO.Path.GetDirectoryName(location)!;
        return new AppFolder(folder, File.Exists(System.IO.Path.Combine(folder, HostFile)) ? OtherAppsIn(folder, location) : []);
    }

    /// <summary>The folder of the project that an assembly was built from, if that is on this machine.</summary>
    private static string? ProjectOf(string location)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(location));
            if (!image.TryOpenAssociatedPortablePdb(location, path => File.Exists(path) ? File.OpenRead(path) : null, out var symbols, out _) || symbols is null)
                return null;
            using (symbols)
            {
                var reader = symbols.GetMetadataReader();
                // Single files may be linked in from elsewhere.
                return reader.Documents
                    .Select(document => System.IO.Path.GetDirectoryName(reader.GetString(reader.GetDocument(document).Name)))
                    .GroupBy(folder => folder, StringComparer.Ordinal)
                    .Select(folder => (Project: ProjectAbove(folder.Key), Count: folder.Count()))
                    .Where(folder => folder.Project is not null)
                    .GroupBy(folder => folder.Project, StringComparer.Ordinal)
                    .MaxBy(project => project.Sum(folder => folder.Count))?.Key;
            }
        }
        catch (Exception unreadable) when (unreadable is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? ProjectAbove(string? folder)
    {
        while (folder is { Length: > 0 } && !(Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.*proj").Any()))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder is { Length: > 0 } ? folder : null;
    }

    private static List<string> OtherAppsIn(string folder, string location) =>
    [
        .. Directory.EnumerateFiles(folder, "*.runtimeconfig.json")
            .Select(file => System.IO.Path.ChangeExtension(System.IO.Path.ChangeExtension(file, null), "dll"))
            .Where(file => file != location && IsApp(file))
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsApp(string file)
    {
        if (!File.Exists(file))
            return false;
        using var image = new PEReader(File.OpenRead(file));
        if (!image.HasMetadata || image.PEHeaders.CorHeader?.EntryPointTokenOrRelativeVirtualAddress is null or 0)
            return false;
        var reader = image.GetMetadataReader();
        var references = reader.AssemblyReferences.Select(reference => reader.GetString(reader.GetAssemblyReference(reference).Name)).ToHashSet(StringComparer.Ordinal);
        // What refers to this assembly is a test project, whatever types of functions it uses.
        return references.Contains(NameOf(typeof(EmbeddedFunctions))) && !references.Contains(NameOf(typeof(AppFolder)));
    }

    private static string NameOf(Type type) => type.Assembly.GetName().Name!;
}
