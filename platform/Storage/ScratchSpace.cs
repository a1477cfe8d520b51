namespace Serverless.Platform.Storage;

/// <summary>A folder of this process's own for files that only have to live as long as it does; readable by its user alone.</summary>
public sealed class ScratchSpace : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("serverless-");

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
}
