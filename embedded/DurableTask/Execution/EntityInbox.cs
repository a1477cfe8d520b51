using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>
/// What has arrived for an entity and is not carried out. What a lock keeps from being done is passed over, and looked at again only when the lock is
/// given back, or given to the orchestration that sent it: however much waits, each message is looked at twice at most. One thread at a time.
/// </summary>
internal sealed class EntityInbox
{
    private readonly Queue<Arrival> _arrived = [];
    private readonly LinkedList<Arrival> _passedOver = [];
    private readonly Dictionary<(long Key, int Execution), Queue<LinkedListNode<Arrival>>> _passedOverCalls = [];
    private readonly List<Arrival> _taken = [];
    private long _arrivals;

    public bool IsEmpty => _arrived.Count + _passedOver.Count == 0;

    /// <summary>How often a message was looked at, all of them together.</summary>
    public long LookedAt { get; private set; }

    public void Add(EntityMail mail) => _arrived.Enqueue(new Arrival(_arrivals++, mail));

    /// <summary>Takes what can be done at once, while <paramref name="holder"/> has the entity locked (null: nobody).</summary>
    public EntityBatch Take(EntityCaller? holder, int maxOperations)
    {
        List<EntityMail> taken = [];
        List<EntityOperation> operations = [];
        EntityLock? request = null;
        while (operations.Count < maxOperations && request is null && Next(holder) is { } next)
        {
            LookedAt++;
            switch (next.Mail.Message)
            {
                case EntityRelease release:
                    holder = release.Holder == holder ? null : holder;
                    break;
                case EntityOperation operation when holder is null || holder.IsOfSameExecution(operation.Caller):
                    operations.Add(operation);
                    break;
                case EntityLock wanted when holder is null:
                    request = wanted;
                    break;
                default:
                    PassOver(next);
                    continue;
            }

            taken.Add(next.Mail);
            _taken.Add(next);
        }

        return new EntityBatch(taken, operations, holder, request);
    }

    /// <summary>What was taken is done.</summary>
    public void Confirm() => _taken.Clear();

    /// <summary>What was taken is not done, and who has the lock may not be known any more: all is looked at anew, in the order of arrival.</summary>
    public void PutBack()
    {
        List<Arrival> all = [.. _taken.Concat(_passedOver).Concat(_arrived).OrderBy(arrival => arrival.Number)];
        _taken.Clear();
        _passedOver.Clear();
        _passedOverCalls.Clear();
        _arrived.Clear();
        all.ForEach(_arrived.Enqueue);
    }

    // What was passed over came first, so it goes first once the lock allows it.
    private Arrival? Next(EntityCaller? holder)
    {
        var allowed = holder is null ? _passedOver.First : _passedOverCalls.GetValueOrDefault((holder.Key, holder.Execution))?.Peek();
        if (allowed is null)
            return _arrived.TryDequeue(out var arrived) ? arrived : null;
        _passedOver.Remove(allowed);
        if (CallerOf(allowed.Value) is { } caller && _passedOverCalls[caller] is var calls)
        {
            calls.Dequeue();
            if (calls.Count == 0)
                _passedOverCalls.Remove(caller);
        }

        return allowed.Value;
    }

    private void PassOver(Arrival arrival)
    {
        var node = _passedOver.AddLast(arrival);
        if (CallerOf(arrival) is not { } caller)
            return;
        if (!_passedOverCalls.TryGetValue(caller, out var calls))
            _passedOverCalls[caller] = calls = [];
        calls.Enqueue(node);
    }

    /// <summary>The execution that calls, when it is a call.</summary>
    private static (long Key, int Execution)? CallerOf(Arrival arrival) =>
        arrival.Mail.Message is EntityOperation { Caller: { } caller } ? (caller.Key, caller.Execution) : null;

    private sealed record Arrival(long Number, EntityMail Mail);
}
