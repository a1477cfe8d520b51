using System.Globalization;
using System.Runtime.InteropServices;

namespace Serverless.Tests.Benchmarks;

/// <summary>What the figures hold for.</summary>
/// <param name="Cores">Logical processors this process may use.</param>
/// <param name="Cpu">The processor's model name.</param>
/// <param name="DotNet">The runtime and its version.</param>
/// <param name="System">The operating system and its version.</param>
/// <param name="Load">Processes that ran or waited to run before the first benchmark, on average over one minute; null where the system doesn't say.</param>
internal sealed record Machine(int Cores, string Cpu, string DotNet, string System, double? Load)
{
    /// <summary>Whether others used so much of the machine that the figures say little.</summary>
    public bool IsBusy => Load > 0.5 * Cores;

    public static Machine Describe() => new(
        Environment.ProcessorCount, CpuName(), RuntimeInformation.FrameworkDescription, $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}", LoadAverage());

    private static string CpuName() =>
        Lines("/proc/cpuinfo").Select(line => line.Split(':', 2)).FirstOrDefault(pair => pair[0].Trim() == "model name") is [_, var name]
            ? name.Trim()
            : "unknown processor";

    private static double? LoadAverage() =>
        Lines("/proc/loadavg").FirstOrDefault()?.Split(' ') is [var minute, ..] ? double.Parse(minute, CultureInfo.InvariantCulture) : null;

    private static IEnumerable<string> Lines(string file) => File.Exists(file) ? File.ReadLines(file) : [];
}
