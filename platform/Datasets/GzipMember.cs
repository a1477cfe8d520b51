namespace Serverless.Platform.Datasets;

/// <summary>Looks for a gzip member that does not follow the one before it directly.</summary>
internal static class GzipMember
{
    private const int BlockBytes = 64 * 1024;

    // The third byte is the method; no other was ever defined.
    private static readonly byte[] First = [0x1F, 0x8B, 8];

    /// <summary>Where one begins after zeros; null: something else comes after them.</summary>
    /// <param name="file">The file; it is read from another place afterwards.</param>
    /// <param name="from">Where to begin to look: at the zeros, or little before them.</param>
    /// <param name="until">Up to where zeros may begin.</param>
    /// <param name="cancellationToken">Checked block by block.</param>
    public static async Task<long?> FindAfterZerosAsync(FileStream file, long from, long until, CancellationToken cancellationToken)
    {
        var block = new byte[BlockBytes];
        var (isAfterZero, matched) = (false, 0);
        file.Position = from;
        for (var place = from; await file.ReadAsync(block, cancellationToken) is > 0 and var read; place += read)
        {
            for (var i = 0; i < read; i++)
            {
                matched = (matched > 0 || isAfterZero) && block[i] == First[matched] ? matched + 1 : 0;
                if (matched == First.Length) return place + i + 1 - First.Length;
                isAfterZero = block[i] == 0;
                if (matched == 0 && !isAfterZero && place + i >= until) return null;
            }
        }

        return null;
    }
}
