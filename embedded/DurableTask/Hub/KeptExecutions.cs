namespace Serverless.Embedded.DurableTask;

/// <summary>
/// The waiting instances that are kept in memory only to spare a replay. The first to be dropped is the one that is soonest replayed, by the
/// length of its history; those unused for long lose their worth (the GreedyDual rule). Guarded by the dispatcher's lock.
/// </summary>
internal sealed class KeptExecutions(int limit)
{
    private readonly SortedSet<(long Worth, long Key)> _order = [];
    private readonly Dictionary<long, (long Worth, ActiveInstance Instance)> _kept = [];
    private long _age;

    /// <summary>Keeps an instance.</summary>
    /// <returns>The one to be dropped for it, if any.</returns>
    public ActiveInstance? Keep(ActiveInstance instance, int historyLength)
    {
        var worth = _age + historyLength;
        _kept.Add(instance.Key, (worth, instance));
        _order.Add((worth, instance.Key));
        if (_order.Count <= limit)
            return null;
        (_age, var key) = _order.Min;
        return Take(key);
    }

    public void Remove(long key) => Take(key);

    private ActiveInstance? Take(long key)
    {
        if (!_kept.Remove(key, out var kept))
            return null;
        _order.Remove((kept.Worth, key));
        return kept.Instance;
    }
}
