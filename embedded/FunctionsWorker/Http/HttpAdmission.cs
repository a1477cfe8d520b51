using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>
/// Lets requests in that carry a key of the level asked for, as header <c>x-functions-key</c> or query <c>code</c>. Where only this machine can reach the app and
/// neither a key nor EmbeddedHost:EnableAuth is set, all are let in, as Core Tools do.
/// </summary>
internal sealed class HttpAdmission
{
    public const string Header = "x-functions-key";
    public const string Query = "code";

    /// <summary>The system key that opens the durable HTTP API, as on the genuine host.</summary>
    public const string DurableKey = "durabletask_extension";

    private readonly KeyStore _keys;
    private readonly LinkCodes? _links;
    private readonly byte[]? _master;
    private readonly byte[]? _function;

    /// <param name="settings">Whether keys are asked for, and those that settings give.</param>
    /// <param name="keys">The keys kept.</param>
    /// <param name="links">Makes the codes of links; null where none are given out or none are needed.</param>
    public HttpAdmission(EmbeddedSettings settings, KeyStore keys, LinkCodes? links)
    {
        _keys = keys;
        AsksForKeys = settings.AsksForKeys;
        _links = links;
        // A function key that is alone is the app's only key, and opens all.
        _master = DigestOf(settings.MasterKey ?? settings.FunctionKey);
        _function = settings.MasterKey is null ? null : DigestOf(settings.FunctionKey);
    }

    public static IResult Refusal { get; } = Results.Problem(
        $"This address asks for a key, in the header {Header} or the query parameter {Query}.", statusCode: StatusCodes.Status401Unauthorized);

    public bool AsksForKeys { get; }

    /// <summary>Whether settings give the key that opens all, so that none is made.</summary>
    public bool HasConfiguredMaster => _master is not null;

    /// <summary>What links to the durable HTTP API end in, so that they open it: <c>code=…</c>; empty where no keys are asked for.</summary>
    public string DurableLinkQuery => DurableLinkCode is { } code ? $"{Query}={code}" : string.Empty;

    private string? DurableLinkCode => _links?.CodeOf(DurableKey, _keys.DigestOf(new KeyName(KeyScope.System, null, DurableKey)), _master ?? []);

    /// <param name="request">The request.</param>
    /// <param name="level">What it must carry.</param>
    /// <param name="function">The function it is for, whose own keys open it too.</param>
    /// <param name="systemKey">The name of the system key that opens it; any where null.</param>
    public bool Admits(HttpRequest request, AuthorizationLevel level, string? function = null, string? systemKey = null)
    {
        if (level == AuthorizationLevel.Anonymous || !AsksForKeys)
            return true;
        var given = request.Headers.TryGetValue(Header, out var values) ? values.FirstOrDefault() : request.Query[Query].FirstOrDefault();
        if (string.IsNullOrEmpty(given))
            return false;
        return IsConfigured(_master, given) || (level == AuthorizationLevel.Function && IsConfigured(_function, given)) || _keys.Find(given, Opens) is not null
            || (level == AuthorizationLevel.System && systemKey == DurableKey && DurableLinkCode is { } code && IsSame(code, given));

        bool Opens(KeyName key) => key.Scope switch
        {
            KeyScope.Master => _master is null,
            KeyScope.Host => level == AuthorizationLevel.Function,
            KeyScope.Function => level == AuthorizationLevel.Function && string.Equals(key.Function, function, StringComparison.OrdinalIgnoreCase),
            _ => level == AuthorizationLevel.System && (systemKey is null || systemKey.Equals(key.Name, StringComparison.OrdinalIgnoreCase)),
        };
    }

    /// <summary>Guards addresses of the host's own.</summary>
    public IEndpointFilter Filter(AuthorizationLevel level, string? systemKey = null) => new LevelFilter(this, level, systemKey);

    private static byte[]? DigestOf(string? key) => key is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool IsSame(string key, string given) => IsConfigured(DigestOf(key), given);

    // Digests are of one length, so that the comparison tells nothing of the key's.
    private static bool IsConfigured(byte[]? key, string given) => key is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), key);

    private sealed class LevelFilter(HttpAdmission admission, AuthorizationLevel level, string? systemKey) : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
            admission.Admits(context.HttpContext.Request, level, null, systemKey) ? await next(context) : Refusal;
    }
}
