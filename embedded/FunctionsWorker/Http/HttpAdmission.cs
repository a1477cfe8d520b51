using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>
/// Lets requests in that carry the function key, as header <c>x-functions-key</c> or query <c>code</c>.
/// Without a key configured, everything is let in where only this machine can reach the app, and nothing elsewhere.
/// </summary>
internal sealed class HttpAdmission(EmbeddedSettings settings) : IEndpointFilter
{
    private readonly byte[]? _key = settings.FunctionKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;
    private readonly bool _open = settings.FunctionKey is null && settings.OnLoopbackOnly;

    public static IResult Refusal { get; } = Results.Problem(
        "This address asks for the function key, in the header x-functions-key or the query parameter code.", statusCode: StatusCodes.Status401Unauthorized);

    public bool Admits(HttpRequest request)
    {
        if (_key is null)
            return _open;
        var given = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault() ?? "";
        // Digests are of one length, so that the comparison tells nothing of the key's.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _key);
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Admits(context.HttpContext.Request) ? await next(context) : Refusal;
}
