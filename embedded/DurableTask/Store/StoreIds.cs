namespace Serverless.Embedded.DurableTask.Store;

/// <summary>Numbers for messages and activities, ascending from the highest in the store.</summary>
internal sealed class StoreIds(long last)
{
    private long _last = last;

    public long Next() => Interlocked.Increment(ref _last);
}
