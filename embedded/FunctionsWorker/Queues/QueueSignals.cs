using System.Collections.Concurrent;

namespace Serverless.Embedded.FunctionsWorker.Queues;

/// <summary>Tells a queue's listeners at once that this process has sent to it, so that they need not come round to looking.</summary>
internal sealed class QueueSignals
{
    private readonly ConcurrentDictionary<Uri, Action> _listeners = new();

    /// <param name="queue">The queue's address.</param>
    /// <param name="wake">What cuts a listener's pause short.</param>
    public void Add(Uri queue, Action wake) => _listeners.AddOrUpdate(queue, wake, (_, present) => present + wake);

    public void Wake(Uri queue)
    {
        if (_listeners.TryGetValue(queue, out var wake))
            wake();
    }
}
