using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Embedded.FunctionsWorker.Http;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The addresses at which an instance is watched and managed, as the genuine worker gives them to functions and the genuine host to callers of its HTTP API.</summary>
/// <param name="host">Where the host is reached.</param>
/// <param name="admission">Gives the code that opens the addresses where keys are asked for.</param>
/// <param name="useForwardedHost">Whether a proxy's X-Forwarded-Host and X-Forwarded-Proto name the caller's address. Only where such a proxy sets them: who may set them is sent the code.</param>
internal sealed class ManagementLinks(HostAddress host, HttpAdmission admission, bool useForwardedHost)
{
    public const string BasePath = "/runtime/webhooks/durabletask";

    /// <summary>The name of the host's own storage account, under which the genuine host files a hub unless told otherwise.</summary>
    public const string DefaultConnection = "Storage";

    /// <summary>Of an instance, for functions: below the address of the request or, without one, the host's own.</summary>
    public HttpManagementPayload ForFunctions(HttpRequestData? request, string instanceId) => Of(
        request is null ? host.Get() : Forwarded(name => request.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null) ?? AuthorityOf(request),
        instanceId,
        admission.DurableLinkQuery);

    /// <summary>Of an instance, for functions whose client is not the host's own and knows no code.</summary>
    public static HttpManagementPayload WithoutCode(HttpRequestData request, string instanceId) => Of(AuthorityOf(request), instanceId, string.Empty);

    /// <summary>Of an instance, for who called the HTTP API. They carry the host's own code, whichever key the caller has.</summary>
    public JsonObject ForCaller(HttpRequest request, string instanceId, string hub)
    {
        var authority = Forwarded(name => request.Headers[name].FirstOrDefault()) ?? $"{request.Scheme}://{request.Host}";
        var instance = $"{authority}{BasePath}/instances/{WebUtility.UrlEncode(instanceId)}";
        var connection = request.Query["connection"].FirstOrDefault() is { Length: > 0 } given ? given : DefaultConnection;
        var query = $"taskHub={WebUtility.UrlEncode(hub)}&connection={WebUtility.UrlEncode(connection)}";
        if (admission.DurableLinkQuery is { Length: > 0 } code)
            query += $"&{code}";
        return new JsonObject
        {
            ["id"] = instanceId,
            ["statusQueryGetUri"] = $"{instance}?{query}",
            ["sendEventPostUri"] = $"{instance}/raiseEvent/{{eventName}}?{query}",
            ["terminatePostUri"] = $"{instance}/terminate?reason={{text}}&{query}",
            ["purgeHistoryDeleteUri"] = $"{instance}?{query}",
            ["restartPostUri"] = $"{instance}/restart?{query}",
            ["suspendPostUri"] = $"{instance}/suspend?reason={{text}}&{query}",
            ["resumePostUri"] = $"{instance}/resume?reason={{text}}&{query}",
        };
    }

    /// <summary>The doubled braces are the genuine worker's.</summary>
    private static HttpManagementPayload Of(string authority, string instanceId, string query)
    {
        var instance = $"{authority.TrimEnd('/')}{BasePath}/instances/{Uri.EscapeDataString(instanceId)}";
        var (only, further) = query.Length == 0 ? ("", "") : ($"?{query}", $"&{query}");
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = instance + only,
            SendEventPostUri = instance + "/raiseEvent/{eventName}" + only,
            TerminatePostUri = instance + "/terminate?reason={{text}}" + further,
            PurgeHistoryDeleteUri = instance + only,
            SuspendPostUri = instance + "/suspend?reason={{text}}" + further,
            ResumePostUri = instance + "/resume?reason={{text}}" + further,
        };
    }

    private static string AuthorityOf(HttpRequestData request) => request.Url.GetLeftPart(UriPartial.Authority);

    /// <summary>What the caller asked a proxy for; null where that is not heeded, not said whole, or no address.</summary>
    private string? Forwarded(Func<string, string?> header)
    {
        // Proxies in a row append to the list: the first entry is the outermost's.
        if (!useForwardedHost || header("X-Forwarded-Host")?.Split(',')[0].Trim() is not { Length: > 0 } name || header("X-Forwarded-Proto")?.Split(',')[0].Trim() is not { } scheme)
            return null;
        return Uri.TryCreate($"{scheme}://{name}", UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
            ? address.GetLeftPart(UriPartial.Authority)
            : null;
    }
}
