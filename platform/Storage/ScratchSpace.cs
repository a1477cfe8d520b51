using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Platform.Storage;

/// <summary>A folder of this process's own for files that only have to live as long as it does; readable by its user alone.</summary>
public sealed partial class ScratchSpace : IDisposable
{
    private readonly DirectoryInfo root;

    public ScratchSpace()
    {
        DeleteThoseOfTheDead(Path.GetTempPath());
        root = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"serverless-scratch-{Environment.ProcessId}-"));
    }

    /// <summary>The folder's path.</summary>
    public string Root => root.FullName;

    /// <summary>A new, empty folder inside; the caller deletes it.</summary>
    public DirectoryInfo CreateFolder() => root.CreateSubdirectory(Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (root.Exists)
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>A killed process leaves its folder; the next one takes it away.</summary>
    private static void DeleteThoseOfTheDead(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, "serverless-scratch-*"))
        {
            var owner = OwnerPattern().Match(Path.GetFileName(folder));
            if (!owner.Success || Directory.Exists($"/proc/{owner.Groups[1].Value}"))
            {
                continue;
            }

            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another process was quicker: it is no worse than before.
                continue;
            }
        }
    }

    [GeneratedRegex(@"^serverless-scratch-(\d+)-", RegexOptions.CultureInvariant)]
    private static partial Regex OwnerPattern();
}
