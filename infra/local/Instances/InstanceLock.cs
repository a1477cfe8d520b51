namespace Serverless.Local.Instances;

/// <summary>At most one instance per home folder. The kernel gives the lock back when its holder dies, however it dies.</summary>
public sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    /// <param name="home">See <see cref="LocalFolders.Home"/>; created.</param>
    public static InstanceLock? TryTake(string home)
    {
        Directory.CreateDirectory(home);
        try
        {
            return new InstanceLock(new FileStream(Path.Combine(home, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException))
        {
            return null; // held; what is missing or forbidden has exception types of its own
        }
    }

    public void Dispose() => _file.Dispose();
}
