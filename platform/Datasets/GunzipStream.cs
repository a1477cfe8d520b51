using System.IO.Compression;

namespace Serverless.Platform.Datasets;

/// <summary>
/// What a gzip file expands to, to its very end: <see cref="GZipStream"/> alone takes a file that is cut off for one that is whole.
/// </summary>
/// <remarks>
/// A last member of our own is read after the file. Only if the file is whole does it expand to its mark of zero bytes; else it is taken for
/// compressed data, and the mark does not come.
/// </remarks>
/// <exception cref="InvalidDataException">On reading: the file is not gzip, or damaged, or cut off.</exception>
internal sealed class GunzipStream(Stream compressed) : ReadOnlyStream
{
    private const int MarkLength = 64;
    private const int WindowBytes = 64 * 1024;

    private static readonly byte[] MarkMember = CompressMark();

    private readonly GZipStream expanded = new(new FollowedStream(compressed, MarkMember), CompressionMode.Decompress);
    private readonly byte[] window = new byte[WindowBytes];
    private int start;
    private int end;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (end - start <= MarkLength)
        {
            window.AsSpan(start, end - start).CopyTo(window);
            (start, end) = (0, end - start);
            var read = await expanded.ReadAsync(window.AsMemory(end), cancellationToken);
            if (read == 0)
            {
                return end == MarkLength && !window.AsSpan(0, end).ContainsAnyExcept((byte)0)
                    ? 0
                    : throw new InvalidDataException("The end is missing.");
            }

            end += read;
        }

        var given = Math.Min(buffer.Length, end - start - MarkLength);
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

    /// <summary>A stream, and some bytes after its end.</summary>
    private sealed class FollowedStream(Stream first, byte[] after) : ReadOnlyStream
    {
        private int given;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = given > 0 ? 0 : await first.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                read = Math.Min(buffer.Length, after.Length - given);
                after.AsMemory(given, read).CopyTo(buffer);
                given += read;
            }

            return read;
        }

        public override async ValueTask DisposeAsync()
        {
            await first.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
