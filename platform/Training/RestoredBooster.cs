using System.Globalization;
using System.Text.Json;

namespace Serverless.Platform.Training;

/// <summary>Puts a booster that learned from scaled labels into the target's unit: leaves or weights times the deviation, and the mean as the base score.</summary>
internal static class RestoredBooster
{
    public static Booster Of(Booster scaled, LabelScale scale)
    {
        using var model = JsonDocument.Parse(scaled.SaveJson());
        using var restored = new MemoryStream();
        using (var writer = new Utf8JsonWriter(restored)) Copy(writer, model.RootElement, scale);
        return Booster.Load(restored.ToArray());
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement element, LabelScale scale)
    {
        writer.WriteStartObject();
        foreach (var member in element.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            switch (member.Name)
            {
                case "learner" or "gradient_booster" or "model" or "learner_model_param":
                    Copy(writer, member.Value, scale);
                    break;
                case "base_score":
                    writer.WriteStringValue(Text(scale.Mean));
                    break;
                case "weights":
                    Write(writer, member.Value.EnumerateArray().Select(w => w.GetSingle() * scale.Deviation));
                    break;
                case "trees":
                    writer.WriteStartArray();
                    foreach (var tree in member.Value.EnumerateArray()) CopyTree(writer, tree, scale);
                    writer.WriteEndArray();
                    break;
                default:
                    member.Value.WriteTo(writer);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static void CopyTree(Utf8JsonWriter writer, JsonElement tree, LabelScale scale)
    {
        int[] left = [.. tree.GetProperty("left_children").EnumerateArray().Select(c => c.GetInt32())];
        writer.WriteStartObject();
        foreach (var member in tree.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            switch (member.Name)
            {
                case "base_weights":
                    Write(writer, member.Value.EnumerateArray().Select(w => w.GetSingle() * scale.Deviation));
                    break;
                case "split_conditions":
                    // A leaf keeps its value where a split has its threshold.
                    Write(writer, member.Value.EnumerateArray().Select((v, node) => left[node] < 0 ? v.GetSingle() * scale.Deviation : v.GetSingle()));
                    break;
                default:
                    member.Value.WriteTo(writer);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<float> values)
    {
        writer.WriteStartArray();
        foreach (var value in values) writer.WriteRawValue(Text(value));
        writer.WriteEndArray();
    }

    /// <summary>XGBoost takes a number without point or exponent for an integer, and refuses it here; a plus before an exponent it does not read.</summary>
    private static string Text(float value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "E", StringComparison.Ordinal);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? $"{text}E0" : text;
    }
}
