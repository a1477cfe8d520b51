using System.IO.Compression;

namespace Serverless.Platform.Datasets;

/// <summary>What is wrong with a gzip file.</summary>
internal enum GzipFault
{
    /// <summary>It does not begin as one.</summary>
    NotGzip,

    /// <summary>It cannot be expanded.</summary>
    Damaged,

    /// <summary>Its last bytes, checksum and length, do not match what it expands to.</summary>
    Checksum,

    /// <summary>Its end is missing.</summary>
    CutOff,

    /// <summary>Bytes that are neither gzip nor zeros come after it.</summary>
    Followed,

    /// <summary>Zeros come after it, and then gzip again.</summary>
    Parted,
}

/// <summary>A gzip file that is none, or damaged, or cut off, or goes on with something else.</summary>
/// <param name="fault">Which of these.</param>
/// <param name="expanded">How many bytes it expanded to before, at least.</param>
/// <param name="cause">What the library said; null: nothing.</param>
/// <param name="next">Where it goes on after zeros; null but for <see cref="GzipFault.Parted"/>.</param>
internal sealed class GzipFaultException(GzipFault fault, long expanded, Exception? cause = null, long? next = null) : IOException($"The gzip file is at fault: {fault}.", cause)
{
    public GzipFault Fault { get; } = fault;

    public long Expanded { get; } = expanded;

    public long? Next { get; } = next;
}

/// <summary>
/// What a gzip file expands to, to its very end: <see cref="GZipStream"/> alone takes a file that is cut off for one that is whole. Zeros may come
/// after it, with which tapes and disks fill their blocks.
/// </summary>
/// <remarks>
/// A last member of our own is read after the file. Only if the file is whole does it expand to its mark of zero bytes; else it is taken for
/// compressed data, and the mark does not come. Where something else follows, the library stops there and does not ask for our member.
/// </remarks>
/// <exception cref="GzipFaultException">On reading.</exception>
internal sealed class GunzipStream : ReadOnlyStream
{
    private const int MarkLength = 64;
    private const int WindowBytes = 64 * 1024;

    private static readonly byte[] MarkMember = CompressMark();

    private readonly FollowedStream compressed;
    private readonly GZipStream expanded;
    private readonly byte[] window = new byte[WindowBytes];
    private int start;
    private int end;
    private long expandedBytes;
    private bool isAtEnd;

    /// <param name="file">The file; disposed of with this.</param>
    public GunzipStream(FileStream file)
    {
        compressed = new FollowedStream(file, MarkMember);
        expanded = new GZipStream(compressed, CompressionMode.Decompress);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (end - start <= MarkLength && !isAtEnd)
        {
            window.AsSpan(start, end - start).CopyTo(window);
            (start, end) = (0, end - start);
            var read = await ExpandAsync(window.AsMemory(end), cancellationToken);
            expandedBytes += read;
            end += read;
            isAtEnd = read == 0;
            if (isAtEnd)
            {
                end -= await MarkOrFaultAsync(cancellationToken);
            }
        }

        var given = Math.Min(buffer.Length, end - start - (isAtEnd ? 0 : MarkLength));
        window.AsMemory(start, given).CopyTo(buffer);
        start += given;
        return given;
    }

    public override async ValueTask DisposeAsync()
    {
        await expanded.DisposeAsync();
        await base.DisposeAsync();
    }

    private static byte[] CompressMark()
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Optimal))
        {
            gzip.Write(new byte[MarkLength]);
        }

        return member.ToArray();
    }

    private async ValueTask<int> ExpandAsync(Memory<byte> to, CancellationToken cancellationToken)
    {
        try
        {
            return await expanded.ReadAsync(to, cancellationToken);
        }
        catch (InvalidDataException invalid)
        {
            // Its message is the library's, of archives in general.
            throw new GzipFaultException(
                !compressed.BeginsAsGzip ? GzipFault.NotGzip : compressed.IsAfterEnd ? GzipFault.CutOff : compressed.IsAtLastBytes ? GzipFault.Checksum : GzipFault.Damaged,
                expandedBytes,
                invalid);
        }
    }

    /// <summary>How long the mark is that the data ended with: none if zeros came after the file.</summary>
    private async ValueTask<int> MarkOrFaultAsync(CancellationToken cancellationToken)
    {
        if (compressed.IsAfterEnd)
        {
            return end == MarkLength && !window.AsSpan(0, end).ContainsAnyExcept((byte)0) ? MarkLength : throw new GzipFaultException(GzipFault.CutOff, expandedBytes);
        }

        if (compressed.IsInLastZeros) return 0;
        var next = await compressed.FindNextMemberAsync(cancellationToken);
        throw new GzipFaultException(next is null ? GzipFault.Followed : GzipFault.Parted, expandedBytes, next: next);
    }

    /// <summary>A file, and some bytes after its end. Its last bytes are given one by one, so that all that it expands to is known before they are judged.</summary>
    private sealed class FollowedStream(FileStream file, byte[] after) : ReadOnlyStream
    {
        /// <summary>A member ends with a checksum and a length, of four bytes each.</summary>
        private const int TrailerBytes = 8;

        private const int MostSingleBytes = 3 * TrailerBytes;

        /// <summary>What is read at once to find the last byte that is not zero.</summary>
        private const int BlockBytes = 4096;

        /// <summary>Where the zeros begin that the file ends with; negative: not looked for yet.</summary>
        private long zeros = -1;
        private long read;
        private long lastBegan;
        private int given;

        /// <summary>Whether the file's first bytes are those of gzip; one that is shorter may have lost them.</summary>
        public bool BeginsAsGzip { get; private set; }

        /// <summary>Whether the bytes after the file's were asked for.</summary>
        public bool IsAfterEnd => given > 0;

        /// <summary>Whether the last byte that is no zero was followed by another that was asked for.</summary>
        public bool IsInLastZeros => read > zeros;

        /// <summary>Whether what was read last are the bytes that should be a checksum and a length.</summary>
        public bool IsAtLastBytes => read > zeros - TrailerBytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (zeros < 0)
            {
                await LookAsync(cancellationToken);
            }

            var single = zeros - TrailerBytes;
            var most = read >= single && read < single + MostSingleBytes ? 1 : read < single ? (int)Math.Min(buffer.Length, single - read) : buffer.Length;
            var count = given > 0 ? 0 : await file.ReadAsync(buffer[..most], cancellationToken);
            lastBegan = read;
            read += count;
            if (count == 0)
            {
                count = Math.Min(buffer.Length, after.Length - given);
                after.AsMemory(given, count).CopyTo(buffer);
                given += count;
            }

            return count;
        }

        /// <summary>Where after zeros the file goes on with gzip; null: nowhere. Nothing can be read after it.</summary>
        /// <remarks>The library ends at what is no member in what it read last; a first zero may be the last byte before that.</remarks>
        public Task<long?> FindNextMemberAsync(CancellationToken cancellationToken) =>
            GzipMember.FindAfterZerosAsync(file, Math.Max(0, lastBegan - 1), read, cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            await file.DisposeAsync();
            await base.DisposeAsync();
        }

        private async Task LookAsync(CancellationToken cancellationToken)
        {
            var block = new byte[BlockBytes];
            BeginsAsGzip = await file.ReadAtLeastAsync(block.AsMemory(0, 2), 2, throwOnEndOfStream: false, cancellationToken) is var first
                && block.AsSpan(0, first).SequenceEqual(((ReadOnlySpan<byte>)[0x1F, 0x8B])[..first]);
            zeros = file.Length;
            var isZeros = true;
            while (zeros > 0 && isZeros)
            {
                var length = (int)Math.Min(BlockBytes, zeros);
                file.Position = zeros - length;
                await file.ReadExactlyAsync(block.AsMemory(0, length), cancellationToken);
                var last = block.AsSpan(0, length).LastIndexOfAnyExcept((byte)0);
                zeros -= length - (last + 1);
                isZeros = last < 0;
            }

            file.Position = 0;
        }
    }
}
