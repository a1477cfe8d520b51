using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Serverless.Platform.Training;

/// <summary>The machine a model was made on: libraries add up numbers otherwise with other instruction sets, so on another the last bits of a model may differ.</summary>
/// <param name="OperatingSystem">Its name and version.</param>
/// <param name="Architecture">That of the process: <c>x64</c> or <c>arm64</c>.</param>
/// <param name="Processor">The processor's own name; null where it does not tell.</param>
/// <param name="Processors">How many of them the process may use.</param>
/// <param name="VectorBits">How many bits one instruction may work on.</param>
/// <param name="InstructionSets">The extensions of the architecture that .NET finds and that numbers are computed with, the widest first.</param>
public sealed record MachineDescription(
    string OperatingSystem, string Architecture, string? Processor, int Processors, int VectorBits, IReadOnlyList<string> InstructionSets)
{
    /// <summary>The one that this process runs on.</summary>
    public static MachineDescription Current() => new(
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        FindProcessor(),
        Environment.ProcessorCount,
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64,
        [.. new (string Name, bool IsThere)[]
        {
            ("AVX-512", Avx512F.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX", Avx.IsSupported), ("SSE4.2", Sse42.IsSupported),
            ("AdvSimd", AdvSimd.Arm64.IsSupported),
        }.Where(set => set.IsThere).Select(set => set.Name)]);

    /// <summary>The brand string of x86 processors: 48 characters in three leaves of CPUID. Others have no such instruction.</summary>
    private static string? FindProcessor()
    {
        const int first = unchecked((int)0x80000002), last = unchecked((int)0x80000004);
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < unchecked((uint)last)) return null;

        var brand = new byte[48];
        for (var leaf = first; leaf <= last; leaf++)
        {
            var (a, b, c, d) = X86Base.CpuId(leaf, 0);
            MemoryMarshal.AsBytes<int>([a, b, c, d]).CopyTo(brand.AsSpan((leaf - first) * 16));
        }

        var name = string.Join(' ', Encoding.ASCII.GetString(brand).TrimEnd('\0').Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return name.Length > 0 ? name : null;
    }
}
