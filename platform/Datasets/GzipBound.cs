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

    /// <summary>Says what is wrong with a file.</summary>
    public static Refusal Refuse(GzipFaultException fault)
    {
        var bytes = fault.Expanded.ToString(CultureInfo.InvariantCulture);
        var (reason, remedy) = fault.Fault switch
        {
            GzipFault.NotGzip => (
                "The file is not gzip by its first bytes; expected 1F 8B, as its name ends with .gz.",
                "If it is not compressed, drop it under a name without .gz; else compress it with gzip and drop it again."),
            GzipFault.CutOff => (
                $"The gzip file is cut off: it can be expanded to {bytes} bytes or so, and its end is missing.",
                "'gzip -t' says the same where the file came from, or else it was cut off on its way; drop it again whole."),
            GzipFault.Checksum => (
                $"The gzip file is damaged: it expands to {bytes} bytes, and the checksum and length at its end do not match them.",
                "'gzip -t' says the same where the file came from, or else it was damaged on its way; drop it again whole."),
            GzipFault.Followed => (
                $"The gzip file expands to {bytes} bytes and is whole, but other bytes come after it, which are neither gzip nor zeros.",
                "Find out what was appended to the file ('gzip -t' calls it trailing garbage); expand it, compress the table again, and drop that."),
            GzipFault.Parted => (
                string.Create(CultureInfo.InvariantCulture, $"The gzip file expands to {bytes} bytes up to zeros, and after them, at byte {fault.Next} counted from 0, another gzip member begins; zeros may stand at the end only."),
                "Leave out the zeros, so that the members follow one another directly, or expand each, compress the table in one, and drop that ('gzip -d' alone reads no further than the zeros)."),
            GzipFault.Damaged => (
                $"The gzip file is damaged: after {bytes} expanded bytes or more it cannot be read on.",
                "'gzip -t' says the same where the file came from, or else it was damaged on its way; drop it again whole."),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Fault, "No such fault."),
        };
        return new Refusal(reason, remedy);
    }
}
