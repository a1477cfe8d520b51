using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>What the code has asked for and the history does not have yet: on replay it must come to have it, then it is new.</summary>
/// <param name="confirmed">Takes up, when given, what was asked for as the history has it.</param>
internal sealed class AskedTasks(ICollection<ScheduledAction>? confirmed)
{
    private readonly SortedDictionary<int, ScheduledAction> _unconfirmed = [];

    /// <summary>How many tasks of the history the code has repeated.</summary>
    public int Confirmed { get; private set; }

    public void Add(ScheduledAction action) => _unconfirmed.Add(action.Event.TaskId, action);

    /// <returns>False when the history has it already.</returns>
    public bool Withdraw(int taskId)
    {
        if (!_unconfirmed.TryGetValue(taskId, out var action))
            return false;
        action.IsWithdrawn = true;
        return true;
    }

    /// <summary>Takes all that is new, in the order of asking.</summary>
    public List<ScheduledAction> TakeAll()
    {
        List<ScheduledAction> all = [.. _unconfirmed.Values];
        _unconfirmed.Clear();
        return all;
    }

    /// <param name="recorded">What the history has.</param>
    /// <param name="place">Says where, given the step.</param>
    public void Confirm(ScheduledEvent recorded, Func<int, HistoryPlace> place)
    {
        Confirmed++;
        if (!_unconfirmed.Remove(recorded.TaskId, out var action))
            throw Divergence.Missing(place(Confirmed), recorded, _unconfirmed.FirstOrDefault().Value?.Event);
        if (!recorded.IsRepeatedBy(action.Event))
            throw Divergence.Differs(place(Confirmed), recorded, action.Event);
        confirmed?.Add(action with { Event = recorded });
    }

    /// <inheritdoc cref="Confirm"/>
    public void ThrowIfAny(Func<int, HistoryPlace> place)
    {
        if (_unconfirmed.Count > 0)
            throw Divergence.Additional(place(Confirmed + 1), _unconfirmed.First().Value.Event);
    }
}
