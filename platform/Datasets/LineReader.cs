using System.Buffers;

namespace Serverless.Platform.Datasets;

/// <summary>Reads lines of UTF-8, ended by LF or CRLF, a byte order mark skipped. Memory is bounded by the longest line taken.</summary>
internal sealed class LineReader(Stream stream, int mostBytes) : IDisposable
{
    private const int InitialBuffer = 128 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int start;
    private int scanned;
    private int end;
    private bool isFinal;
    private Range current;

    /// <summary>The line moved to, 1 for the first.</summary>
    public long Line { get; private set; }

    /// <summary>Whether reading ended at a line that is longer than is taken.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The line moved to, without its end; good until the next move.</summary>
    public ReadOnlySpan<byte> Current => buffer.AsSpan(current);

    /// <summary>Moves to the next line; false: there is none, or it is too long.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var at = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
            if (at >= 0)
            {
                at += scanned;
                return Take(at, next: at + 1);
            }

            scanned = end;
            if (isFinal)
            {
                return end > start && Take(end, next: end);
            }

            // A byte more than is taken, since the last may be half of a line end.
            if (end - start > mostBytes + 1)
            {
                return Take(end, next: end);
            }

            await FillAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        var rented = Interlocked.Exchange(ref buffer, []);
        if (rented.Length > 0)
        {
            (start, scanned, end, current) = (0, 0, 0, default);
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool Take(int stop, int next)
    {
        Line++;
        if (Line == 1 && buffer.AsSpan(start, stop - start).StartsWith("\uFEFF"u8))
        {
            start += 3;
        }

        var length = stop > start && buffer[stop - 1] == (byte)'\r' ? stop - 1 - start : stop - start;
        current = start..(start + length);
        start = scanned = next;
        IsTooLong = length > mostBytes;
        return !IsTooLong;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, scanned, end) = (0, scanned - start, end - start);
        }

        if (end == buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
        end += read;
        isFinal = read == 0;
    }
}
