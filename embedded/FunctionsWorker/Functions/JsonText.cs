using System.Text.Json;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>JSON values as the text that binding expressions and metadata use.</summary>
internal static class JsonText
{
    /// <summary>A string's content, a number as written, <c>True</c> or <c>False</c>; null for null, and for anything that has parts.</summary>
    public static string? OfScalar(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetRawText(),
        // Upper case, as the genuine host has it.
        JsonValueKind.True => bool.TrueString,
        JsonValueKind.False => bool.FalseString,
        _ => null,
    };

    /// <summary>Whether the text looks like a JSON object or array, by its ends alone.</summary>
    public static bool IsObjectOrArray(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed is ['{', .., '}'] or ['[', .., ']'];
    }

    /// <summary>Adds the properties of a JSON object to metadata, arrays and nulls left out; text that is no JSON object adds nothing.</summary>
    public static void AddProperties(string text, Dictionary<string, object?> data)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
            return;
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if ((property.Value.ValueKind == JsonValueKind.Object ? property.Value.GetRawText() : OfScalar(property.Value)) is { } value)
                    data[property.Name] = value;
            }
        }
        catch (JsonException)
        {
            // Text may begin with a brace and be no JSON; it then has no properties, which is no fault.
            return;
        }
    }
}
