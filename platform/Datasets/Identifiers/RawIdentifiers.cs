using System.Text;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Tells whether a refused file may be copied: only one that can be looked into whole, and in which no direct identifier is found.</summary>
internal static class RawIdentifiers
{
    private const int BlockBytes = 256 * 1024;

    /// <summary>More than the longest identifier, so that none is cut in two where a text has nothing to cut it at.</summary>
    private const int Overlap = 512;

    /// <summary>Why no copy is kept of a file whose columns hold direct identifiers.</summary>
    public const string InColumns = Quarantine.NoCopy + "a column of the file holds direct identifiers that the definition does not allow.";

    /// <summary>Why the file may not be copied; null: it may.</summary>
    public static Task<string?> WhyNotCopiedAsync(SourceFile source, IdentifierPolicy policy, TableLimits limits, CancellationToken cancellationToken)
    {
        // A file of another format is taken for text, and is not copied if it is none.
        var format = TableFormat.Of(source.Name) ?? TableFormat.Text;
        return format.Kind == TableKind.Parquet
            ? LookIntoTableAsync(source, format, policy, limits, cancellationToken)
            : LookIntoTextAsync(source, format, policy, limits, cancellationToken);
    }

    private static async Task<string?> LookIntoTextAsync(
        SourceFile source, TableFormat format, IdentifierPolicy policy, TableLimits limits, CancellationToken cancellationToken)
    {
        var found = new TextIdentifiers();
        var encoding = new EncodingCheck();
        var block = new byte[BlockBytes];
        var kept = 0;
        await using var text = await SourceStream.OpenTextAsync(source.Path, format, limits, cancellationToken);
        while (true)
        {
            var read = await text.ReadAtLeastAsync(block.AsMemory(kept), BlockBytes - kept, throwOnEndOfStream: false, cancellationToken);
            var all = kept + read;
            var isLast = all < BlockBytes;
            if (text.Refusal is { } unreadable)
            {
                return Unreadable(unreadable.Reason);
            }

            if (encoding.Take(block.AsSpan(kept, read), isLast) is { } noText)
            {
                return Unreadable(noText);
            }

            // What is cut off by the block's end is looked at with the next one.
            var cut = isLast ? all : CutOf(block.AsSpan(0, all));
            var isCut = cut < BlockBytes / 2;
            found.Count(block.AsSpan(0, isCut ? all : cut));
            if (found.Describe(policy) is { } identifiers)
            {
                return identifiers;
            }

            if (isLast)
            {
                return null;
            }

            kept = isCut ? Overlap : all - cut;
            block.AsSpan(all - kept, kept).CopyTo(block);
        }
    }

    /// <summary>The end of the last value that is whole. Tabs and line breaks after digits may stand within a number, so it is none of them if there is another.</summary>
    private static int CutOf(ReadOnlySpan<byte> block)
    {
        var last = block.LastIndexOfAny(TextIdentifiers.Separators) + 1;
        for (var cut = last; cut > block.Length - Overlap && cut > 1; cut = block[..(cut - 1)].LastIndexOfAny(TextIdentifiers.Separators) + 1)
        {
            if (!DigitText.IsBreak(block[cut - 1]) || !(DigitText.IsBreak(block[cut - 2]) || char.IsAsciiDigit((char)block[cut - 2])))
            {
                return cut;
            }
        }

        return last;
    }

    private static async Task<string?> LookIntoTableAsync(
        SourceFile source, TableFormat format, IdentifierPolicy policy, TableLimits limits, CancellationToken cancellationToken)
    {
        await using var reader = format.Open(source.Path, limits);
        if (!await reader.ReadHeaderAsync(cancellationToken) || reader.Header is not { } header)
        {
            return Unreadable(reader.Refusal?.Reason ?? "It has no header.");
        }

        var names = new TextIdentifiers();
        foreach (var name in header.Columns)
        {
            names.Count(Encoding.UTF8.GetBytes(name));
        }

        var columns = header.Columns.Select(_ => new TextIdentifiers()).ToArray();
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].CountValue(reader.GetField(i));
            }
        }

        return reader.Refusal is { } refusal ? Unreadable(refusal.Reason) : columns.Append(names).Select(c => c.Describe(policy)).FirstOrDefault(d => d is not null);
    }

    private static string Unreadable(string reason) =>
        $"{Quarantine.NoCopy}the file cannot be looked into for direct identifiers. {IdentifierMask.Apply(reason)}";
}
