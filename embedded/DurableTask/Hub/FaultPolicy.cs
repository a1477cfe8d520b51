namespace Serverless.Embedded.DurableTask;

/// <summary>When what failed by a fault of the store is tried again, and how often that is said while many fail at once.</summary>
internal sealed class FaultPolicy(TimeProvider time)
{
    private const int MostDoublings = 7;

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private long? _lastSaid;

    /// <summary>The wait before the next try, after so many failed ones in a row.</summary>
    public static TimeSpan Delay(int failures)
    {
        var delay = ShortestDelay * (1 << Math.Min(failures - 1, MostDoublings));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>Whether this fault is said, and not one like it was a moment ago. Not for several threads at once.</summary>
    public bool IsToBeSaid()
    {
        if (_lastSaid is { } last && time.GetElapsedTime(last) < LogInterval)
            return false;
        _lastSaid = time.GetTimestamp();
        return true;
    }
}
