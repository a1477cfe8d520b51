using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Serverless.Platform.Datasets;

namespace Serverless.Platform.Training;

/// <summary>The software a model was made with: with another, the same data and seed may give other bytes.</summary>
/// <param name="Code">This platform's version and, where it was built from a checkout, its commit.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="XGBoost">The version of XGBoost's library.</param>
/// <param name="OnnxRuntime">The version of ONNX Runtime's, which the model was checked and evaluated with; null for versions of older releases.</param>
/// <param name="DuckDb">The version of DuckDB's, which the rows were read with; null for versions of older releases.</param>
public sealed record SoftwareVersions(string Code, string Runtime, string XGBoost, string? OnnxRuntime = null, string? DuckDb = null)
{
    /// <summary>This platform's version and, where it was built from a checkout, its commit.</summary>
    public static string CurrentCode =>
        typeof(SoftwareVersions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? $"{typeof(SoftwareVersions).Assembly.GetName().Version}";

    /// <summary>Of this process.</summary>
    public static SoftwareVersions Current()
    {
        XGBoostNative.Require();
        XGBoostNative.XGBoostVersion(out var major, out var minor, out var patch);
        return new SoftwareVersions(
            CurrentCode, $"{Environment.Version}", $"{major}.{minor}.{patch}", OrtEnv.Instance().GetVersionString(),
            Marshal.PtrToStringUTF8(DuckDbNative.LibraryVersion())?.TrimStart('v'));
    }
}
