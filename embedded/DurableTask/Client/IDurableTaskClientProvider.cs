namespace Microsoft.DurableTask.Client;

/// <summary>Gives clients by name. A service of the host.</summary>
public interface IDurableTaskClientProvider
{
    /// <summary>The client of that name, a task hub's; without a name the default one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that name.</exception>
    DurableTaskClient GetClient(string? name = null);
}
