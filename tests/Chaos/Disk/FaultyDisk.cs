namespace Serverless.Tests.Chaos.Disk;

/// <summary>
/// A folder whose disk fails on demand. Below SQLite's own layer for the operating system, so what SQLite makes of a fault is what it would
/// make of a real one. SQLite files below the folder are affected that are opened while this exists; others are not.
/// </summary>
public sealed class FaultyDisk : IDisposable
{
    private readonly Func<DiskAccess, DiskFault> _none = static _ => DiskFault.None;
    private Func<DiskAccess, DiskFault> _fault;
    private int _faults;

    public FaultyDisk(string folder)
    {
        Folder = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        _fault = _none;
        FaultyVfs.Add(this);
    }

    /// <summary>How many accesses have failed.</summary>
    public int Faults => Volatile.Read(ref _faults);

    internal string Folder { get; }

    /// <summary>Asks <paramref name="fault"/> at each access, on whichever thread makes it.</summary>
    public void Break(Func<DiskAccess, DiskFault> fault) => Volatile.Write(ref _fault, fault);

    /// <summary>Every access of a kind fails.</summary>
    public void Break(DiskOperation operation, DiskFault fault) => Break(access => access.Operation == operation ? fault : DiskFault.None);

    /// <summary>From now on nothing fails.</summary>
    public void Mend() => Break(_none);

    public void Dispose() => FaultyVfs.Remove(this);

    internal DiskFault Check(DiskAccess access)
    {
        var fault = Volatile.Read(ref _fault)(access);
        if (fault != DiskFault.None)
            Interlocked.Increment(ref _faults);
        return fault;
    }
}
