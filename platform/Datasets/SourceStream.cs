using System.Text;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>
/// The content of a file: expanded if it is compressed, and if it is text, transcoded to UTF-8 where its byte order mark says UTF-16. What cannot
/// be read on is a <see cref="Refusal"/>, and the stream reads as ended.
/// </summary>
/// <remarks>Nothing is held but buffers, so a file that expands without end costs neither memory nor disk.</remarks>
internal sealed class SourceStream : ReadOnlyStream
{
    private const int BufferBytes = 64 * 1024;
    private const int MarkBytes = 4;

    private readonly Stream inner;
    private readonly bool isCompressed;
    private readonly Func<long, Refusal?> bound;
    private long given;

    private SourceStream(Stream inner, string path, TableFormat format, TableLimits limits, Refusal? refusal)
    {
        this.inner = inner;
        isCompressed = format.IsCompressed;
        bound = isCompressed ? GzipBound.Of(path, limits) : _ => null;
        Refusal = refusal;
    }

    /// <summary>Why reading ended before the file's end; null: it did not.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Opens a file as bytes.</summary>
    public static SourceStream OpenBytes(string path, TableFormat format, TableLimits limits) => new(Open(path, format), path, format, limits, refusal: null);

    /// <summary>Opens a file as text in UTF-8; one that by its first bytes is no text is refused at once.</summary>
    public static async Task<SourceStream> OpenTextAsync(string path, TableFormat format, TableLimits limits, CancellationToken cancellationToken)
    {
        // The first bytes are read through a stream of their own, since one that expands cannot be set back.
        var mark = new byte[MarkBytes];
        int length;
        Refusal? refusal;
        await using (var first = OpenBytes(path, format, limits))
        {
            length = await first.ReadAtLeastAsync(mark, MarkBytes, throwOnEndOfStream: false, cancellationToken);
            refusal = first.Refusal ?? KnownOtherwise(mark.AsSpan(0, length), format);
        }

        var bytes = Open(path, format);
        return new SourceStream(
            EncodingOf(mark.AsSpan(0, length)) is { } encoding ? Encoding.CreateTranscodingStream(bytes, encoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) : bytes,
            path,
            format,
            limits,
            refusal);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Refusal is not null)
        {
            return 0;
        }

        try
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            given += read;
            Refusal = bound(given);
            return Refusal is null ? read : 0;
        }
        catch (GzipFaultException damaged)
        {
            Refusal = GzipBound.Refuse(damaged);
            return 0;
        }
        catch (DecoderFallbackException invalid)
        {
            static string Bytes(DecoderFallbackException at) => at.BytesUnknown is { Length: > 0 } bytes ? $" (bytes {Convert.ToHexString(bytes)})" : "";

            Refusal = new Refusal(
                $"By its byte order mark the file is UTF-16, but after {given} bytes of its text (counted in UTF-8) comes what is none{Bytes(invalid)}.",
                "Save the file as UTF-8 and drop it again; if it was cut off, drop it again whole.");
            return 0;
        }
    }

    /// <summary>Why reading ended: what is wrong with the file as a whole, or else what was found in its text.</summary>
    /// <remarks>Compressed data that is cut off expands to noise at its end, which is refused for what it looks like; so it is read to its end first.</remarks>
    public async ValueTask<Refusal?> CauseAsync(Refusal? found, CancellationToken cancellationToken)
    {
        if (found is not null && isCompressed)
        {
            await CopyToAsync(Null, cancellationToken);
        }

        return Refusal ?? found;
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    private static Stream Open(string path, TableFormat format)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        return format.IsCompressed ? new GunzipStream(file) : file;
    }

    private static UnicodeEncoding? EncodingOf(ReadOnlySpan<byte> first) => first switch
    {
        [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        _ => null,
    };

    private static Refusal? KnownOtherwise(ReadOnlySpan<byte> first, TableFormat format) => first switch
    {
        [0xFF, 0xFE, 0, 0] => new(
            "By its byte order mark the file is text in UTF-32; expected UTF-8 or UTF-16.", "Save the file as UTF-8 and drop it again.", Line: 1),
        [0x1F, 0x8B, ..] => new(
            $"By its first bytes the file is gzip-compressed data{(format.IsCompressed ? " within gzip" : "")}; expected text.",
            format.IsCompressed ? "Compress the file once only." : "Drop it under a name that ends with .gz, such as data.csv.gz.", Line: 1),
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1'] => new(
            "By its first bytes the file is Parquet; by its name it is text.", "Drop it under a name that says what it is."),
        [(byte)'P', (byte)'K', 3, 4] => new(
            "By its first bytes the file is a zip archive or a spreadsheet; expected text.", "Save the table as CSV in UTF-8 and drop it again.", Line: 1),
        _ => null,
    };
}
