using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The query parameters of the durable HTTP API. As on the genuine host, one that cannot be read counts as not given.</summary>
internal sealed class ManagementQuery(HttpRequest request)
{
    public string? Text(string name) => request.Query[name].FirstOrDefault();

    public bool Flag(string name, bool byDefault) => bool.TryParse(Text(name), out var value) ? value : byDefault;

    public DateTimeOffset? Time(string name) =>
        DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public TimeSpan? Seconds(string name) =>
        double.TryParse(Text(name), CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) ? TimeSpan.FromSeconds(seconds) : null;

    public int PageSize => int.TryParse(Text("top"), CultureInfo.InvariantCulture, out var top) && top > 0 ? top : OrchestrationQuery.DefaultPageSize;

    /// <summary>The statuses asked for, in one parameter or several; null for any. Their letter case counts.</summary>
    public IReadOnlyList<OrchestrationRuntimeStatus>? Statuses
    {
        get
        {
            var statuses = request.Query["runtimeStatus"].SelectMany(value => (value ?? string.Empty).Split(','))
                .Where(name => Enum.TryParse<OrchestrationRuntimeStatus>(name, out _)).Select(Enum.Parse<OrchestrationRuntimeStatus>).ToList();
            return statuses.Count == 0 ? null : statuses;
        }
    }
}
