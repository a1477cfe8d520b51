using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Looks for direct identifiers in a file that cannot be read as a table to its end.</summary>
internal static class RawIdentifiers
{
    private const int BlockBytes = 256 * 1024;

    /// <summary>More than the longest identifier, so that none is cut in two.</summary>
    private const int Overlap = 512;

    /// <summary>Whether its text holds any that the policy does not allow; true also where there is no text to look into.</summary>
    public static async Task<bool> AreInAsync(
        SourceFile source, TableFormat format, IdentifierPolicy policy, TableLimits limits, CancellationToken cancellationToken)
    {
        var found = new ColumnIdentifiers();
        var block = new byte[BlockBytes];
        var kept = 0;
        await using var text = await SourceStream.OpenTextAsync(source.Path, format, limits, cancellationToken);
        int read;
        while ((read = await text.ReadAtLeastAsync(block.AsMemory(kept), BlockBytes - kept, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            var all = kept + read;
            found.Count(block.AsSpan(0, all), isNumber: false);
            kept = Math.Min(Overlap, all);
            block.AsSpan(all - kept, kept).CopyTo(block);
            if (found.Decide("", long.MaxValue, policy).Any())
            {
                return true;
            }
        }

        return text.Refusal is not null;
    }
}
