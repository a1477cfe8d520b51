namespace Serverless.Platform.Storage;

/// <summary>A folder of this process's own for files that only have to live as long as it does; readable by its user alone.</summary>
public sealed class ScratchSpace : IDisposable
{
    private const string Prefix = "serverless-scratch-";
    private const string LockFile = ".lock";

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory(Prefix);
    private readonly FileStream held;

    public ScratchSpace()
    {
        held = new FileStream(Path.Combine(root.FullName, LockFile), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        DeleteThoseOfTheDead(root.Parent?.FullName ?? Path.GetTempPath());
    }

    /// <summary>The folder's path.</summary>
    public string Root => root.FullName;

    /// <summary>A new, empty folder inside; the caller deletes it.</summary>
    public DirectoryInfo CreateFolder() => root.CreateSubdirectory(Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        held.Dispose();
        if (root.Exists)
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>A killed process leaves its folder, but not its lock on it; the next one takes the folder away.</summary>
    private static void DeleteThoseOfTheDead(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, $"{Prefix}*"))
        {
            try
            {
                // A folder without the file is one that is just being made.
                using (new FileStream(Path.Combine(folder, LockFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
            {
                // A living process's, another user's, or taken away by somebody quicker.
                continue;
            }
        }
    }
}
