namespace Serverless.Tests.Chaos.Crashes;

/// <summary>An orchestration that the driver asked for, and what it was told of it.</summary>
internal sealed class Submission(string id, LoadKind kind, int size)
{
    private readonly List<string> _sent = [];
    private readonly List<string> _acknowledged = [];

    public string Id => id;

    public LoadKind Kind => kind;

    public int Size => size;

    public bool IsStarted { get; set; }

    /// <summary>All its events, the last of which ends it, are acknowledged.</summary>
    public bool IsFed => !kind.TakesEvents || _acknowledged is [.., LoadFunctions.Done];

    public string StartCommand => $"{CrashWorker.Start} {id} {kind.Name} {size}";

    /// <summary>Every event that was ever sent; one whose answer a kill cut off may have been taken or not.</summary>
    public IReadOnlyList<string> Sent => _sent;

    public IReadOnlyList<string> Acknowledged => _acknowledged;

    /// <summary>The next event, under a name of its own each time it is tried, so that each try can be told in the output.</summary>
    public string NextItem()
    {
        var item = _acknowledged.Count < size ? $"{_acknowledged.Count}.{_sent.Count}" : LoadFunctions.Done;
        _sent.Add(item);
        return item;
    }

    public string NextRaiseCommand() => NextItem() is var item && IsSignal(item) ? $"{CrashWorker.Signal} {id} {item}" : $"{CrashWorker.Raise} {id} {item}";

    /// <summary>Whether an item goes to the submission's entity rather than to its orchestration.</summary>
    public bool IsSignal(string item) => kind.Signals && item != LoadFunctions.Done;

    public void Acknowledge(string item) => _acknowledged.Add(item);
}
