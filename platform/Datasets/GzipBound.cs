using System.Globalization;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>What is not taken of a compressed file: one that is damaged or cut off, and one that expands beyond all measure.</summary>
internal static class GzipBound
{
    /// <summary>Judges how far a file has expanded: the refusal, or null.</summary>
    public static Func<long, Refusal?> Of(string path, TableLimits limits)
    {
        var compressed = new FileInfo(path).Length;
        var most = Math.Min(limits.MaxExpandedBytes, Math.Max(limits.FreeExpandedBytes, compressed * limits.MaxExpansion));
        return expanded => expanded <= most ? null : new Refusal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The file has {compressed} bytes and expands to more than {most}; at most {limits.MaxExpansion} times its size is read, and {limits.MaxExpandedBytes} bytes in all."),
            "If it is the table it should be, drop it without compression, or in several files; else find out who made it.");
    }

    public static Refusal Damaged(long expanded) => new(
        string.Create(
            CultureInfo.InvariantCulture, $"The file is not gzip, or it is damaged or cut off: after {expanded} expanded bytes it cannot be read on."),
        "Check it with 'gzip -t', and drop it again whole; if it is not compressed, drop it under a name without .gz.");
}
