namespace Serverless.Tests.Chaos.Disk;

public enum DiskOperation
{
    Open,
    Read,
    Write,
    Sync,
    Lock,
}

/// <summary>How a disk can fail; the values are SQLite's error codes.</summary>
public enum DiskFault
{
    None = 0,

    /// <summary>Another process holds the lock.</summary>
    Busy = 5,

    /// <summary>No space is left.</summary>
    Full = 13,

    /// <summary>The file cannot be opened.</summary>
    CannotOpen = 14,

    ReadError = 10 | (1 << 8),

    WriteError = 10 | (3 << 8),

    SyncError = 10 | (4 << 8),

    /// <summary>The first half of a write reaches the disk, and the write fails.</summary>
    TornWrite = -1,
}

/// <summary>What SQLite asks of the disk.</summary>
/// <param name="Operation">The kind of access.</param>
/// <param name="File">The file's name: "hub.db", "hub.db-wal".</param>
/// <param name="Offset">Where a read or write begins, in bytes.</param>
/// <param name="Length">The bytes read or written.</param>
public readonly record struct DiskAccess(DiskOperation Operation, string File, long Offset, int Length);
