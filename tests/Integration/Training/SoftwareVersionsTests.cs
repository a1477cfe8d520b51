using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class SoftwareVersionsTests(ITestOutputHelper output)
{
    [Fact]
    public void Current_OfThisProcess_HasTheVersionOfEachLibrary()
    {
        var software = SoftwareVersions.Current();
        output.WriteLine($"{software}");

        Assert.Matches(@"^\d+\.\d+\.\d+$", software.XGBoost);
        Assert.Matches(@"^\d+\.\d+\.\d+", software.OnnxRuntime);
        Assert.Matches(@"^\d+\.\d+\.\d+", software.DuckDb);
        Assert.Equal($"{Environment.Version}", software.Runtime);
    }

    [Fact]
    public void Current_OfThisMachine_SaysWhatMayChangeTheLastBits()
    {
        var machine = MachineDescription.Current();
        output.WriteLine($"{machine} {string.Join(", ", machine.InstructionSets)}");

        Assert.Equal(RuntimeInformation.OSDescription, machine.OperatingSystem);
        Assert.Equal($"{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant(), machine.Architecture);
        Assert.Equal(Environment.ProcessorCount, machine.Processors);
        Assert.Equal(Avx2.IsSupported, machine.InstructionSets.Contains("AVX2"));
        Assert.InRange(machine.VectorBits, Vector<byte>.Count * 8, 512);
        if (machine.Architecture == "x64" && File.Exists("/proc/cpuinfo"))
        {
            var stated = File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal)).Split(": ", 2)[1];
            Assert.Equal(string.Join(' ', stated.Split(' ', StringSplitOptions.RemoveEmptyEntries)), machine.Processor);
        }
    }
}
