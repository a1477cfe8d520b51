using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Serverless.Tests.Chaos.Disk;

/// <summary>
/// The layer between SQLite and the operating system, put in as this process' default: it hands every call on to the one that was the
/// default before, unless a <see cref="FaultyDisk"/> wants it to fail.
/// </summary>
internal static unsafe class FaultyVfs
{
    private static readonly Lock Sync = new();
    private static readonly List<FaultyDisk> Disks = [];

    /// <summary>The open files of faulty disks, by their address.</summary>
    private static readonly ConcurrentDictionary<nint, OpenFile> Files = [];

    /// <summary>Per table of methods of the genuine layer, ours.</summary>
    private static readonly Dictionary<nint, nint> Methods = [];

    private static SqliteVfs* s_genuine;

    public static void Add(FaultyDisk disk)
    {
        lock (Sync)
        {
            Disks.Add(disk);
            if (s_genuine is null)
                PutIn();
        }
    }

    public static void Remove(FaultyDisk disk)
    {
        lock (Sync)
            Disks.Remove(disk);
    }

    private static void PutIn()
    {
        // SQLite initialises itself when a layer is first asked for.
        s_genuine = SqliteVfs.Find(null);
        if (s_genuine is null)
            throw new InvalidOperationException("SQLite has no layer for the operating system.");
        var faulty = (SqliteVfs*)NativeMemory.Alloc((nuint)sizeof(SqliteVfs));
        *faulty = *s_genuine;
        faulty->Name = (byte*)Marshal.StringToCoTaskMemUTF8("faulty");
        faulty->Open = &Open;
        if (SqliteVfs.Register(faulty, isDefault: 1) is not 0 and var code)
            throw new InvalidOperationException($"sqlite3_vfs_register gave {code}.");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SqliteVfs* vfs, byte* name, SqliteFile* file, int flags, int* outFlags)
    {
        var path = Marshal.PtrToStringUTF8((nint)name);
        FaultyDisk? disk;
        lock (Sync)
            disk = path is null ? null : Disks.Find(candidate => path.StartsWith(candidate.Folder, StringComparison.Ordinal));
        if (disk is not null && disk.Check(new DiskAccess(DiskOperation.Open, Path.GetFileName(path!), 0, 0)) is not DiskFault.None and var fault)
        {
            // SQLite must not call Close on what was not opened.
            file->Methods = null;
            return (int)fault;
        }

        var code = s_genuine->Open(s_genuine, name, file, flags, outFlags);
        if (code != 0 || disk is null || file->Methods is null)
            return code;
        Files[(nint)file] = new OpenFile(disk, Path.GetFileName(path!), file->Methods);
        file->Methods = MethodsOver(file->Methods);
        return code;
    }

    private static SqliteFileMethods* MethodsOver(SqliteFileMethods* genuine)
    {
        lock (Sync)
        {
            if (Methods.TryGetValue((nint)genuine, out var known))
                return (SqliteFileMethods*)known;
            var methods = (SqliteFileMethods*)NativeMemory.Alloc((nuint)sizeof(SqliteFileMethods));
            *methods = *genuine;
            methods->Close = &Close;
            methods->Read = &Read;
            methods->Write = &Write;
            methods->Sync = &SyncFile;
            methods->LockShared = &LockShared;
            Methods[(nint)genuine] = (nint)methods;
            return methods;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(SqliteFile* file)
    {
        Files.TryRemove((nint)file, out var open);
        return open!.Genuine->Close(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(SqliteFile* file, byte* buffer, int length, long offset)
    {
        var open = Files[(nint)file];
        return open.Check(DiskOperation.Read, offset, length) is not DiskFault.None and var fault
            ? (int)fault
            : open.Genuine->Read(file, buffer, length, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SqliteFile* file, byte* buffer, int length, long offset)
    {
        var open = Files[(nint)file];
        switch (open.Check(DiskOperation.Write, offset, length))
        {
            case DiskFault.None:
                return open.Genuine->Write(file, buffer, length, offset);
            case DiskFault.TornWrite:
                _ = open.Genuine->Write(file, buffer, length / 2, offset);
                return (int)DiskFault.WriteError;
            case var fault:
                return (int)fault;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SyncFile(SqliteFile* file, int flags)
    {
        var open = Files[(nint)file];
        return open.Check(DiskOperation.Sync, 0, 0) is not DiskFault.None and var fault ? (int)fault : open.Genuine->Sync(file, flags);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int LockShared(SqliteFile* file, int offset, int count, int flags)
    {
        const int taken = 2; // SQLITE_SHM_LOCK; giving a lock back never fails
        var open = Files[(nint)file];
        return (flags & taken) != 0 && open.Check(DiskOperation.Lock, offset, count) is not DiskFault.None and var fault
            ? (int)fault
            : open.Genuine->LockShared(file, offset, count, flags);
    }

    private sealed class OpenFile(FaultyDisk disk, string name, SqliteFileMethods* genuine)
    {
        public SqliteFileMethods* Genuine => genuine;

        public DiskFault Check(DiskOperation operation, long offset, int length) => disk.Check(new DiskAccess(operation, name, offset, length));
    }
}
