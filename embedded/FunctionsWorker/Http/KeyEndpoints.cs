using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>
/// The addresses by which keys are managed, with the genuine host's paths and bodies. Keys are kept hashed, so that reading gives their names only; a value is shown
/// by the POST or PUT that sets it.
/// </summary>
internal static class KeyEndpoints
{
    private const string Note = "Keys are kept hashed: a value is shown only by the POST or PUT that sets it.";

    public static void Map(IEndpointRouteBuilder endpoints, FunctionCatalog functions, HttpAdmission admission, KeyStore keys)
    {
        var api = endpoints.MapGroup("/admin").AddEndpointFilter(admission.Filter(AuthorizationLevel.Admin));
        MapScope(api, "host/keys", keys, admission, _ => (KeyScope.Host, null));
        MapScope(api, "host/functionkeys", keys, admission, _ => (KeyScope.Host, null));
        MapScope(api, "host/systemkeys", keys, admission, _ => (KeyScope.System, null));
        MapScope(api, "functions/{function}/keys", keys, admission, http =>
            functions.Running.FirstOrDefault(function => function.Name.Equals(http.GetRouteValue("function") as string, StringComparison.OrdinalIgnoreCase)) is { } found
                ? (KeyScope.Function, found.Name)
                : null);
    }

    private static void MapScope(IEndpointRouteBuilder api, string path, KeyStore keys, HttpAdmission admission, Func<HttpContext, (KeyScope Scope, string? Function)?> scopeOf)
    {
        api.MapGet(path, (HttpContext http) => scopeOf(http) is { } scope
            ? Results.Json(new { keys = NamesOf(keys, scope).Select(name => new { name, value = (string?)null }), links = LinksOf(http), note = Note })
            : Results.NotFound());
        api.MapGet(path + "/{name}", (string name, HttpContext http) => scopeOf(http) is { } scope && Find(keys, scope, name) is { } found
            ? Results.Json(new { name = found.Name, value = (string?)null, links = LinksOf(http), note = Note })
            : Results.NotFound());
        api.MapPost(path + "/{name}", (string name, HttpContext http) => Set(keys, admission, scopeOf(http), name, HostKey.NewValue(), http));
        api.MapPut(path + "/{name}", async (string name, HttpContext http) =>
            await ValueAsync(http) is { } value ? Set(keys, admission, scopeOf(http), name, value, http) : Results.BadRequest("Invalid key value"));
        api.MapDelete(path + "/{name}", (string name, HttpContext http) =>
        {
            if (IsMaster(name))
                return Results.BadRequest("Cannot delete System Key.");
            return scopeOf(http) is { } scope && keys.Remove(new KeyName(scope.Scope, scope.Function, name)) ? Results.NoContent() : Results.NotFound();
        });
    }

    private static IResult Set(KeyStore keys, HttpAdmission admission, (KeyScope Scope, string? Function)? scope, string name, string value, HttpContext http)
    {
        if (scope is not { } known)
            return Results.NotFound();
        var master = known.Scope != KeyScope.Function && IsMaster(name);
        if (master && admission.HasConfiguredMaster)
            return Results.Problem("The master key is given by the settings EmbeddedHost__MasterKey or EmbeddedHost__FunctionKey; change it there.", statusCode: StatusCodes.Status409Conflict);
        var added = keys.Put(master ? KeyName.Master : new KeyName(known.Scope, known.Function, name), value);
        var answer = new { name, value, links = LinksOf(http) };
        return added ? Results.Created(LinksOf(http)[0].Href, answer) : Results.Json(answer);
    }

    private static IEnumerable<string> NamesOf(KeyStore keys, (KeyScope Scope, string? Function) scope) =>
        keys.Keys.Select(key => key.Name).Where(name => name.Is(new KeyName(scope.Scope, scope.Function, name.Name))).Select(name => name.Name);

    private static KeyName? Find(KeyStore keys, (KeyScope Scope, string? Function) scope, string name)
    {
        // The genuine host shows the master key among the system keys.
        var wanted = scope.Scope == KeyScope.System && IsMaster(name) ? KeyName.Master : new KeyName(scope.Scope, scope.Function, name);
        return keys.Keys.Select(key => key.Name).FirstOrDefault(wanted.Is);
    }

    private static bool IsMaster(string name) => name.Equals(KeyName.Master.Name, StringComparison.OrdinalIgnoreCase);

    private static async Task<string?> ValueAsync(HttpContext http)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            // Answered as any other body without a value.
            return null;
        }
    }

    private static Link[] LinksOf(HttpContext http) => [new Link("self", UriHelper.BuildAbsolute(http.Request.Scheme, http.Request.Host, http.Request.PathBase, http.Request.Path))];

    private sealed record Link(string Rel, string Href);
}
