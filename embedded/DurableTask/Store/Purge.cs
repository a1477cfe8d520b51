using System.Collections.Immutable;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// The deletion of finished instances, with their finished descendants if asked, in steps so small that those of others come between. Descendants go
/// before those they descend from: what an interrupted purge leaves is found again from where it began.
/// </summary>
/// <param name="Rest">The keys of what is to be looked at; an instance is above the one it descends from.</param>
/// <param name="IsRecursive">Whether descendants are deleted too.</param>
/// <param name="Deleted">How many instances the steps so far have deleted.</param>
internal sealed record Purge(ImmutableStack<long> Rest, bool IsRecursive, int Deleted = 0)
{
    private const int MostDeletedInStep = 100;
    private const int MostRowsInStep = 400;
    private const int ChildrenAtOnce = 50;

    public bool IsDone => Rest.IsEmpty;

    /// <summary>The purge of instances, the first one first.</summary>
    public static Purge Of(IEnumerable<long> keys, bool isRecursive) => new(ImmutableStack.CreateRange(keys.Reverse()), isRecursive);

    /// <summary>Carries out one step.</summary>
    /// <returns>What is left to be done.</returns>
    public Purge Run(StoreTransaction transaction)
    {
        var (rest, deleted) = (Rest, 0);
        for (var rows = 0; !rest.IsEmpty && rows < MostRowsInStep && deleted < MostDeletedInStep; rows++)
        {
            var key = rest.Peek();
            IReadOnlyList<long> children = IsRecursive ? transaction.FinishedChildren(key, ChildrenAtOnce) : [];
            rows += children.Count;
            if (children.Count > 0)
            {
                rest = children.Aggregate(rest, static (stack, child) => stack.Push(child));
                continue;
            }

            rest = rest.Pop();

            // Between two steps it may have been purged by someone else, or rewound.
            if (transaction.IsFinished(key))
            {
                transaction.DeleteInstance(key);
                deleted++;
            }
        }

        return this with { Rest = rest, Deleted = Deleted + deleted };
    }
}
