using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>
/// What a function of the built-in model returned that is not a response, as the genuine host sends it: text that is JSON is written anew, indented, under the
/// content type of plain text, and an object with a member <c>body</c> says by <c>status</c> and <c>headers</c> what else is sent.
/// </summary>
internal sealed record PlainAnswer(string Body, int Status, IReadOnlyDictionary<string, string> Headers)
{
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static PlainAnswer Of(string text)
    {
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(text, AnyCase);
        }
        catch (JsonException)
        {
            // Text that is not JSON is sent as it is.
            return Whole(text);
        }

        if (json is not JsonObject answer || !answer.TryGetPropertyValue("body", out var body))
            return Whole(TextOf(json, Indented));
        var headers = answer["headers"] as JsonObject ?? [];
        return new PlainAnswer(
            TextOf(body, Compact),
            int.TryParse(TextOf(answer["statusCode"] ?? answer["status"], Compact), NumberStyles.Integer, CultureInfo.InvariantCulture, out var status) ? status : StatusCodes.Status200OK,
            headers.ToDictionary(header => header.Key, header => TextOf(header.Value, Compact), StringComparer.OrdinalIgnoreCase));
    }

    public Task SendAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        foreach (var (name, value) in Headers)
            http.Response.Headers[name] = value;
        return http.Response.WriteAsync(Body, http.RequestAborted);
    }

    private static PlainAnswer Whole(string text) => new(text, StatusCodes.Status200OK, new Dictionary<string, string>());

    private static string TextOf(JsonNode? json, JsonSerializerOptions form) => json switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag.ToString(),
        _ => json.ToJsonString(form),
    };
}
