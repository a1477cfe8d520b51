using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Serverless.Platform;

namespace Serverless.Functions.Http;

/// <summary>A request's JSON body: a value, nothing, or the problem to answer with.</summary>
public sealed record RequestBody<T>(T? Value, IActionResult? Problem)
    where T : class;

/// <summary>Reads JSON bodies, bounded.</summary>
public static class RequestBody
{
    /// <summary>The largest body read, in bytes.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Reads the body; an empty one is no value and no problem.</summary>
    public static async Task<RequestBody<T>> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        for (int read; (read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (buffer.Length + read > MostBytes)
            {
                return new RequestBody<T>(null, Responses.Problem(413, "The body is too large", $"Expected at most {MostBytes} bytes of JSON."));
            }

            buffer.Write(chunk, 0, read);
        }

        if (buffer.Length == 0)
        {
            return new RequestBody<T>(null, null);
        }

        try
        {
            return new RequestBody<T>(JsonSerializer.Deserialize<T>(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), Json.Options), null);
        }
        catch (JsonException malformed)
        {
            var where = malformed.Path is { Length: > 0 } path ? $" at {path}" : "";
            return new RequestBody<T>(null, Responses.Problem(
                400, "The body is not the JSON expected", $"Line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine}{where}. See the README for its form."));
        }
    }
}
