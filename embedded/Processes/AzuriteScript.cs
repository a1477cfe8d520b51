namespace Serverless.Embedded.Processes;

/// <summary>Finds the installed Azurite.</summary>
public static class AzuriteScript
{
    /// <summary>Names azurite.js, where it is in no usual place.</summary>
    public const string Setting = "AZURITE_SCRIPT";

    internal const string Remedy = "Install Node 20 or later and Azurite: npm install --save-dev azurite, here or in a folder above, or npm install --global azurite. "
        + $"Or name its azurite.js in the environment variable {Setting}.";

    private static readonly string InNodeModules = Path.Combine("node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>
    /// The script that <c>AZURITE_SCRIPT</c> names; else that of <c>node_modules</c> in the program's folder, the current one, or one above either; else that of the
    /// <c>azurite</c> command on the PATH.
    /// </summary>
    /// <exception cref="LocalProcessException">It is in none of these places; the message says how to install it.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } named)
            return File.Exists(named) ? named : throw new LocalProcessException($"{Setting} names {named}, which is not there. Correct it, or unset it.");
        return Above(AppContext.BaseDirectory).Concat(Above(Directory.GetCurrentDirectory())).Select(folder => Path.Combine(folder, InNodeModules)).FirstOrDefault(File.Exists)
            ?? OnPath()
            ?? throw new LocalProcessException(
                $"Azurite was found neither in node_modules of {AppContext.BaseDirectory}, of {Directory.GetCurrentDirectory()} or of a folder above them, nor on the PATH. {Remedy}");
    }

    private static IEnumerable<string> Above(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }

    /// <summary>npm puts a link to the script on the PATH.</summary>
    private static string? OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => new FileInfo(Path.Combine(folder, "azurite")))
        .Where(command => command.Exists)
        .Select(command => command.ResolveLinkTarget(returnFinalTarget: true)?.FullName)
        .FirstOrDefault(script => script is not null && script.EndsWith(".js", StringComparison.Ordinal));
}
