using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The addresses at which an instance is watched and managed, as the genuine worker gives them to functions and the genuine host to callers of its HTTP API.</summary>
internal static class ManagementLinks
{
    public const string BasePath = "/runtime/webhooks/durabletask";

    /// <summary>The name of the host's own storage account, under which the genuine host files a hub unless told otherwise.</summary>
    public const string DefaultConnection = "Storage";

    /// <summary>Of an instance, for functions. The doubled braces are the genuine worker's.</summary>
    public static HttpManagementPayload ForFunctions(string authority, string instanceId)
    {
        var instance = $"{authority.TrimEnd('/')}{BasePath}/instances/{Uri.EscapeDataString(instanceId)}";
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = instance,
            SendEventPostUri = instance + "/raiseEvent/{eventName}",
            TerminatePostUri = instance + "/terminate?reason={{text}}",
            PurgeHistoryDeleteUri = instance,
            SuspendPostUri = instance + "/suspend?reason={{text}}",
            ResumePostUri = instance + "/resume?reason={{text}}",
        };
    }

    /// <summary>Of an instance, for who called the HTTP API. They carry the key that came in the caller's own address.</summary>
    public static JsonObject ForCaller(HttpRequest request, string instanceId, string hub)
    {
        var instance = $"{request.Scheme}://{request.Host}{BasePath}/instances/{WebUtility.UrlEncode(instanceId)}";
        var connection = request.Query["connection"].FirstOrDefault() is { Length: > 0 } given ? given : DefaultConnection;
        var query = $"taskHub={WebUtility.UrlEncode(hub)}&connection={WebUtility.UrlEncode(connection)}";
        if (request.Query["code"].FirstOrDefault() is { Length: > 0 } code)
            query += $"&code={WebUtility.UrlEncode(code)}";
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
}
