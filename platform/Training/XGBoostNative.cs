using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Serverless.Platform.Training;

/// <summary>The part of XGBoost's C API (1.7, <c>xgboost/c_api.h</c>) that is called here.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "Names are those of the C API.")]
internal static partial class XGBoostNative
{
    internal const string Library = "libxgboost.so.0";

    /// <exception cref="XGBoostException">The library cannot be loaded.</exception>
    internal static void Require(string library = Library)
    {
        if (!NativeLibrary.TryLoad(library, typeof(XGBoostNative).Assembly, null, out _))
        {
            throw new XGBoostException(
                $"XGBoost's library '{library}' was not found or could not be loaded; training needs it. Install it with 'apt-get install libxgboost0'.");
        }
    }

    /// <exception cref="XGBoostException"><paramref name="result"/> is not 0.</exception>
    internal static void Check(int result, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result == 0) return;

        // The error is kept per thread, so it is read before anything else is called.
        var error = Marshal.PtrToStringUTF8(XGBGetLastError()) ?? "no message";
        throw new XGBoostException($"XGBoost's {call.Split('(')[0]} failed with code {result}: {error.Trim()}");
    }

    [LibraryImport(Library)]
    private static partial nint XGBGetLastError();

    [LibraryImport(Library)]
    internal static partial void XGBoostVersion(out int major, out int minor, out int patch);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixCreateFromDense(string arrayInterface, string config, out DMatrixHandle matrix);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixSetFloatInfo(DMatrixHandle matrix, string field, ReadOnlySpan<float> values, ulong length);

    [LibraryImport(Library)]
    internal static partial int XGDMatrixFree(nint matrix);

    [LibraryImport(Library)]
    internal static partial int XGBoosterCreate(ReadOnlySpan<nint> matrices, ulong length, out BoosterHandle booster);

    [LibraryImport(Library)]
    internal static partial int XGBoosterFree(nint booster);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSetParam(BoosterHandle booster, string name, string value);

    [LibraryImport(Library)]
    internal static partial int XGBoosterUpdateOneIter(BoosterHandle booster, int iteration, DMatrixHandle train);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterPredictFromDMatrix(
        BoosterHandle booster, DMatrixHandle matrix, string config, out nint shape, out ulong dimensions, out nint values);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSaveModelToBuffer(BoosterHandle booster, string config, out ulong length, out nint bytes);

    [LibraryImport(Library)]
    internal static partial int XGBoosterBoostedRounds(BoosterHandle booster, out int rounds);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterFeatureScore(
        BoosterHandle booster, string config, out ulong featureCount, out nint features, out ulong dimensions, out nint shape, out nint scores);

    [LibraryImport(Library)]
    internal static partial int XGBoosterLoadModelFromBuffer(BoosterHandle booster, ReadOnlySpan<byte> bytes, ulong length);
}

internal sealed class DMatrixHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => XGBoostNative.XGDMatrixFree(handle) == 0;
}

internal sealed class BoosterHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => XGBoostNative.XGBoosterFree(handle) == 0;
}
