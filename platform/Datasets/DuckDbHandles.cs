using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Serverless.Platform.Datasets;

internal sealed class DuckDbConfigHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        DuckDbNative.DestroyConfig(ref handle);
        return true;
    }
}

internal sealed class DuckDbDatabaseHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        DuckDbNative.Close(ref handle);
        return true;
    }
}

internal sealed class DuckDbConnectionHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        DuckDbNative.Disconnect(ref handle);
        return true;
    }
}

internal sealed class DuckDbStatementHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        DuckDbNative.DestroyPrepare(ref handle);
        return true;
    }
}

internal sealed class DuckDbChunkHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        DuckDbNative.DestroyChunk(ref handle);
        return true;
    }
}

internal sealed class DuckDbAppenderHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => DuckDbNative.DestroyAppender(ref handle) == DuckDbNative.Success;
}

/// <summary>Holds a duckdb_result outside the garbage collector's reach, since the library keeps its address.</summary>
internal sealed unsafe class DuckDbResultHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public DuckDbResultHandle()
        : base(ownsHandle: true) => SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(DuckDbResultData)));

    public DuckDbResultData Data => *(DuckDbResultData*)handle;

    protected override bool ReleaseHandle()
    {
        DuckDbNative.DestroyResult(handle);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
