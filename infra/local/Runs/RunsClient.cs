using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless.Local.Runs;

/// <summary>Reads runs over HTTP.</summary>
/// <param name="http">Its base address is the app's.</param>
public sealed class RunsClient(HttpClient http)
{
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>All runs the app lists, the oldest first.</summary>
    public async Task<IReadOnlyList<RunView>> ListAsync(CancellationToken cancellationToken)
    {
        var page = await http.GetFromJsonAsync<RunPage>(new Uri("runs", UriKind.Relative), Json, cancellationToken).ConfigureAwait(false);
        return [.. (page?.Runs ?? []).OrderBy(run => run.CreatedAt)];
    }

    /// <summary>One run with its result, failure and detail.</summary>
    public async Task<RunView> GetAsync(string id, CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<RunView>(new Uri($"runs/{Uri.EscapeDataString(id)}", UriKind.Relative), Json, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException($"GET /runs/{id} answered null; a run was expected.");

    private sealed record RunPage(IReadOnlyList<RunView>? Runs);
}
