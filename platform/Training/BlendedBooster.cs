using System.Globalization;
using System.Text.Json;

namespace Serverless.Platform.Training;

/// <summary>
/// Makes one booster of several that were fitted to the same rows, whose margins are the mean of theirs: all their trees, each leaf divided by how many
/// they are. Those that learned from scaled labels are put into the target's unit: leaves or weights times the deviation, and the mean as base score.
/// All of it times a part, where the model is the weighted mean of trees and a linear model.
/// </summary>
internal sealed class BlendedBooster
{
    private readonly IReadOnlyList<JsonElement> models;
    private readonly LabelScale? scale;
    private readonly double part;
    private readonly float share;

    private BlendedBooster(IReadOnlyList<JsonElement> models, LabelScale? scale, double part)
    {
        this.models = models;
        this.scale = scale;
        this.part = part;
        share = (float)(part * (scale?.Deviation ?? 1) / models.Count);
    }

    /// <param name="fitted">At least one; of linear models not more.</param>
    /// <param name="scale">How their labels were scaled; null: not at all.</param>
    /// <param name="part">How much of the model it is, above 0; 1: all of it.</param>
    public static Booster Of(IReadOnlyList<Booster> fitted, LabelScale? scale, double part)
    {
        var documents = fitted.Select(booster => JsonDocument.Parse(booster.SaveJson())).ToList();
        try
        {
            using var blended = new MemoryStream();
            using (var writer = new Utf8JsonWriter(blended, new JsonWriterOptions { SkipValidation = true })) new BlendedBooster([.. documents.Select(d => d.RootElement)], scale, part).Copy(writer, documents[0].RootElement);
            return Booster.Load(blended.ToArray());
        }
        finally
        {
            documents.ForEach(document => document.Dispose());
        }
    }

    private void Copy(Utf8JsonWriter writer, JsonElement element)
    {
        writer.WriteStartObject();
        foreach (var member in element.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            switch (member.Name)
            {
                case "learner" or "gradient_booster" or "model" or "learner_model_param" or "gbtree_model_param":
                    Copy(writer, member.Value);
                    break;
                case "base_score" when scale is not null:
                    writer.WriteStringValue(Text((float)(part * scale.Mean)));
                    break;
                case "weights":
                    Write(writer, member.Value.EnumerateArray().Select(w => w.GetSingle() * share));
                    break;
                case "num_trees":
                    writer.WriteStringValue(Trees().Count().ToString(CultureInfo.InvariantCulture));
                    break;
                case "tree_info":
                    writer.WriteStartArray();
                    foreach (var target in models.SelectMany(model => ModelOf(model).GetProperty("tree_info").EnumerateArray())) target.WriteTo(writer);
                    writer.WriteEndArray();
                    break;
                case "trees":
                    writer.WriteStartArray();
                    foreach (var (number, tree) in Trees().Index()) CopyTree(writer, tree, number);
                    writer.WriteEndArray();
                    break;
                default:
                    member.Value.WriteTo(writer);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private IEnumerable<JsonElement> Trees() => models.SelectMany(model => ModelOf(model).GetProperty("trees").EnumerateArray());

    private static JsonElement ModelOf(JsonElement booster) => booster.GetProperty("learner").GetProperty("gradient_booster").GetProperty("model");

    private void CopyTree(Utf8JsonWriter writer, JsonElement tree, int number)
    {
        int[] left = [.. tree.GetProperty("left_children").EnumerateArray().Select(c => c.GetInt32())];
        writer.WriteStartObject();
        foreach (var member in tree.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            switch (member.Name)
            {
                case "id":
                    writer.WriteNumberValue(number);
                    break;
                case "base_weights":
                    Write(writer, member.Value.EnumerateArray().Select(w => w.GetSingle() * share));
                    break;
                case "split_conditions":
                    // A leaf keeps its value where a split has its threshold.
                    Write(writer, member.Value.EnumerateArray().Select((v, node) => left[node] < 0 ? v.GetSingle() * share : v.GetSingle()));
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
        foreach (var value in values) writer.WriteRawValue(Text(value), skipInputValidation: true);
        writer.WriteEndArray();
    }

    /// <summary>XGBoost takes a number without point or exponent for an integer, and refuses it here; a plus before an exponent it does not read.</summary>
    private static string Text(float value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "E", StringComparison.Ordinal);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? $"{text}E0" : text;
    }
}
