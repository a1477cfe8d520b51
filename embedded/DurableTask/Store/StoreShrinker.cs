namespace Serverless.Embedded.DurableTask.Store;

/// <summary>Gives the pages that purges freed back to the disk, a slice at a time, so that nobody waits long for the writer.</summary>
internal sealed class StoreShrinker(StatementCache statements)
{
    private const int PagesInSlice = 128;

    // Fewer free pages, or a smaller share of the file, are soon used again.
    private const int WorthwhilePages = 64;
    private const int WorthwhileShare = 8;

    private bool _isShrinking;

    /// <summary>Moves a slice, outside of a transaction.</summary>
    /// <returns>Whether there is more to give back.</returns>
    public bool MoveSlice()
    {
        var free = Read("PRAGMA freelist_count");
        if (!_isShrinking && (free < WorthwhilePages || free < Read("PRAGMA page_count") / WorthwhileShare))
            return false;
        statements[$"PRAGMA incremental_vacuum({PagesInSlice})"].Execute();
        var left = Read("PRAGMA freelist_count");
        _isShrinking = left > 0 && left < free;

        // The file itself becomes shorter when the write-ahead log is carried over into it.
        if (!_isShrinking)
            statements["PRAGMA wal_checkpoint(PASSIVE)"].Execute();
        return _isShrinking;
    }

    private long Read(string pragma)
    {
        using var rows = statements[pragma].Query();
        return rows.Read() ? rows.GetInt64(0) : 0;
    }
}
