using System.Buffers;

namespace Serverless.Platform.Datasets;

/// <summary>A rented buffer that slides over a stream: what was passed makes room, and where what is not passed fills it, it doubles.</summary>
internal sealed class StreamWindow(Stream stream) : IDisposable
{
    private const int InitialBuffer = 128 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int start;
    private int end;

    /// <summary>Whether the stream has ended: there is no more than <see cref="Unread"/>.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>What was read of the stream and not passed; good until the next <see cref="FillAsync"/>.</summary>
    public ReadOnlySpan<byte> Unread => buffer.AsSpan(start, end - start);

    public void Pass(int bytes) => start += bytes;

    /// <summary>Reads more of the stream, at least a byte or its end.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (start > 0)
        {
            Unread.CopyTo(buffer);
            (start, end) = (0, end - start);
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
        IsFinal = read == 0;
    }

    public void Dispose()
    {
        var rented = Interlocked.Exchange(ref buffer, []);
        if (rented.Length > 0)
        {
            start = end = 0;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
