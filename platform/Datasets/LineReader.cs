namespace Serverless.Platform.Datasets;

/// <summary>Reads lines of UTF-8, ended by LF or CRLF, a byte order mark skipped. Memory is bounded by the longest line taken.</summary>
internal sealed class LineReader(Stream stream, int mostBytes) : IDisposable
{
    private readonly StreamWindow window = new(stream);
    private int scanned;
    private int taken;
    private Range current;

    /// <summary>The line moved to, 1 for the first.</summary>
    public long Line { get; private set; }

    /// <summary>Whether reading ended at a line that is longer than is taken.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The line moved to, without its end; good until the next move.</summary>
    public ReadOnlySpan<byte> Current => window.Unread[current];

    /// <summary>Moves to the next line; false: there is none, or it is too long.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        window.Pass(taken);
        (scanned, taken, current) = (0, 0, default);
        while (true)
        {
            var (at, length) = (window.Unread[scanned..].IndexOf((byte)'\n'), window.Unread.Length);
            if (at >= 0)
            {
                return Take(scanned + at, next: scanned + at + 1);
            }

            scanned = length;
            if (window.IsFinal)
            {
                return length > 0 && Take(length, next: length);
            }

            // A byte more than is taken, since the last may be half of a line end.
            if (length > mostBytes + 1)
            {
                return Take(length, next: length);
            }

            await window.FillAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        (scanned, taken, current) = (0, 0, default);
        window.Dispose();
    }

    private bool Take(int stop, int next)
    {
        Line++;
        var line = window.Unread[..stop];
        var start = Line == 1 && line.StartsWith("\uFEFF"u8) ? 3 : 0;
        var end = stop > start && line[^1] == (byte)'\r' ? stop - 1 : stop;
        current = start..end;
        taken = next;
        IsTooLong = end - start > mostBytes;
        return !IsTooLong;
    }
}
