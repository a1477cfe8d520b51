using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DurableTask.Worker;

namespace Serverless.Embedded.DurableTask.History;

/// <summary>
/// The properties of a failure as JSON. They come back as the genuine worker gives them, which sends them as protobuf values: numbers as doubles, times as such,
/// what is none of the known kinds as its text.
/// </summary>
internal static class FailureProperties
{
    private const string TimePrefix = "dt:";
    private const string OffsetTimePrefix = "dto:";

    // Together with the causes of a failure it stays within the depth to which JSON is written.
    private const int MostLevels = 32;

    /// <summary>What the provider says of an exception; when that cannot be had, why, since whoever waits for the exception must still get it.</summary>
    public static IReadOnlyDictionary<string, JsonElement>? Of(Exception exception, IExceptionPropertiesProvider? provider)
    {
        try
        {
            return Write(provider?.GetExceptionProperties(exception));
        }
        catch (Exception fault)
        {
            return Write(new Dictionary<string, object?> { [nameof(IExceptionPropertiesProvider)] = $"{fault.GetType()}: {fault.Message}" });
        }
    }

    public static IReadOnlyDictionary<string, JsonElement>? Write(IDictionary<string, object?>? properties) =>
        properties?.ToDictionary(property => property.Key, property => ToJson(property.Value, []).Deserialize(HistoryJson.Default.JsonElement));

    public static IDictionary<string, object?>? Read(IReadOnlyDictionary<string, JsonElement>? properties) =>
        properties?.ToDictionary(property => property.Key, property => FromJson(property.Value));

    // What it is within is known by reference: a collection that contains itself would never end.
    private static JsonNode? ToJson(object? value, ImmutableList<object> within) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        DateTime time => JsonValue.Create(TimePrefix + time.ToString("O", CultureInfo.InvariantCulture)),
        DateTimeOffset time => JsonValue.Create(OffsetTimePrefix + time.ToString("O", CultureInfo.InvariantCulture)),

        // JSON has no number for these.
        float or double when !double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)) =>
            JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
        byte or short or int or long or float or double or decimal => JsonValue.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IEnumerable when within.Contains(value, ReferenceEqualityComparer.Instance) => JsonValue.Create("(contains itself)"),
        IEnumerable when within.Count == MostLevels => JsonValue.Create($"(nested more than {MostLevels} levels deep)"),
        IDictionary<string, object?> map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value, within.Add(map))))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(item => ToJson(item, within.Add(list)))]),
        _ => JsonValue.Create(value.ToString()),
    };

    private static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => FromText(json.GetString() ?? string.Empty),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(property => property.Name, property => FromJson(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToList(),
        _ => null,
    };

    private static object FromText(string text)
    {
        if (text.StartsWith(TimePrefix, StringComparison.Ordinal)
            && DateTime.TryParse(text[TimePrefix.Length..], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
            return time;
        return text.StartsWith(OffsetTimePrefix, StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text[OffsetTimePrefix.Length..], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var offsetTime)
            ? offsetTime
            : text;
    }
}
