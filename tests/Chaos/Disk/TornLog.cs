using System.Buffers.Binary;

namespace Serverless.Tests.Chaos.Disk;

/// <summary>
/// What a loss of power may do to a write-ahead log: any part of it may be lost that was written since the last checkpoint, and no other,
/// because a checkpoint flushes the log before it carries it over. The layout is that of the SQLite file format, versions 3.7 and later.
/// </summary>
internal sealed class TornLog
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const int SectorBytes = 512;

    /// <summary>Where the index keeps the page size, the frames that are committed, and those that are carried over.</summary>
    private const int IndexPageSize = 14, IndexFrames = 16, IndexCarriedOver = 96;

    private readonly byte[] _log;
    private readonly int _from;
    private readonly int _to;

    private TornLog(byte[] log, int from, int to) => (_log, _from, _to) = (log, from, to);

    /// <summary>Bytes that may be lost.</summary>
    public int Length => _to - _from;

    /// <summary>Reads the log that a killed process left beside a database.</summary>
    /// <exception cref="InvalidDataException">There is nothing in it that a loss of power could take.</exception>
    public static TornLog Read(string databasePath)
    {
        var (log, index) = (File.ReadAllBytes(databasePath + "-wal"), File.ReadAllBytes(databasePath + "-shm"));
        var frameBytes = FrameHeaderBytes + BitConverter.ToUInt16(index, IndexPageSize);
        var (frames, carriedOver) = (BitConverter.ToInt32(index, IndexFrames), BitConverter.ToInt32(index, IndexCarriedOver));
        if (BinaryPrimitives.ReadUInt32BigEndian(log) >> 1 != 0x377f0682 >> 1 || frames <= carriedOver || log.Length < HeaderBytes + (frames * frameBytes))
            throw new InvalidDataException($"'{databasePath}-wal' of {log.Length} bytes has {frames} committed frames, of which {carriedOver} are carried over; expected some that are not.");
        return new TornLog(log, HeaderBytes + (carriedOver * frameBytes), HeaderBytes + (frames * frameBytes));
    }

    /// <summary>Writes a copy beside another database, with a part lost that is drawn.</summary>
    /// <returns>What was done to it.</returns>
    public string WriteTorn(string databasePath, Random random)
    {
        var log = _log[.._to];

        // Half of them near the end, as most losses are.
        var at = random.Next(2) == 0 ? random.Next(_from, _to) : random.Next(Math.Max(_from, _to - (4 * 4096)), _to);
        string done;
        switch (random.Next(3))
        {
            case 0:
                (log, done) = (log[..at], $"cut at {at}");
                break;
            case 1:
                random.NextBytes(log.AsSpan(at));
                done = $"scrambled from {at} on";
                break;
            default:
                // The disk wrote what is behind it, but not this sector.
                var sector = Math.Max(_from, at / SectorBytes * SectorBytes);
                log.AsSpan(sector, Math.Min(SectorBytes, _to - sector)).Clear();
                done = $"without the sector at {sector}";
                break;
        }

        File.WriteAllBytes(databasePath + "-wal", log);
        return $"{done} of {_to} bytes";
    }
}
