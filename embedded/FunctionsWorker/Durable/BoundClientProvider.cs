using Microsoft.DurableTask.Client;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>Gives the host's one client, by its hub's name or by none.</summary>
internal sealed class BoundClientProvider(BoundDurableTaskClient client) : IDurableTaskClientProvider
{
    public DurableTaskClient GetClient(string? name = null) => string.IsNullOrEmpty(name) || name.Equals(client.Name, StringComparison.OrdinalIgnoreCase)
        ? client
        : throw new ArgumentOutOfRangeException(nameof(name), name, $"There is no client of that name. The host has one task hub, '{client.Name}'; ask for that, or for none by name.");
}
