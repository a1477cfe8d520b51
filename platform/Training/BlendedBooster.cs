using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Serverless.Platform.Training;

/// <summary>
/// Makes one booster of several that were fitted to the same rows, whose margins are the mean of theirs: all their trees, each leaf divided by how many
/// they are. Those that learned from scaled labels are put into the target's unit: leaves or weights times the deviation, and the mean as base score.
/// All of it times a part, where the model is the weighted mean of trees and a linear model.
/// </summary>
internal sealed class BlendedBooster
{
    private readonly ArrayBufferWriter<byte> blended = new();
    private readonly IReadOnlyList<UbjsonValue> models;
    private readonly LabelScale? scale;
    private readonly double part;
    private readonly float share;

    private BlendedBooster(IReadOnlyList<UbjsonValue> models, LabelScale? scale, double part)
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
        var made = new BlendedBooster([.. fitted.Select(booster => UbjsonValue.Parse(booster.Save()))], scale, part);
        made.Copy(made.models[0]);
        return Booster.Load(made.blended.WrittenSpan);
    }

    private void Copy(UbjsonValue element)
    {
        blended.Write("{"u8);
        foreach (var (name, value) in element.Members())
        {
            WriteText(name);
            switch (name)
            {
                case "learner" or "gradient_booster" or "model" or "learner_model_param" or "gbtree_model_param":
                    Copy(value);
                    break;
                case "base_score" when scale is not null:
                    blended.Write("S"u8);

                    // A plus before an exponent XGBoost does not read.
                    WriteText(((float)(part * scale.Mean)).ToString("R", CultureInfo.InvariantCulture).Replace("E+", "E", StringComparison.Ordinal));
                    break;
                case "weights":
                    WriteNumbers([.. value.Numbers().Select(w => w * share)]);
                    break;
                case "num_trees":
                    blended.Write("S"u8);
                    WriteText(Trees().Count().ToString(CultureInfo.InvariantCulture));
                    break;
                case "tree_info":
                    WriteItems([.. models.SelectMany(model => ModelOf(model)["tree_info"].Items())], (target, _) => blended.Write(target.Bytes.Span));
                    break;
                case "trees":
                    WriteItems([.. Trees()], CopyTree);
                    break;
                default:
                    blended.Write(value.Bytes.Span);
                    break;
            }
        }

        blended.Write("}"u8);
    }

    private IEnumerable<UbjsonValue> Trees() => models.SelectMany(model => ModelOf(model)["trees"].Items());

    private static UbjsonValue ModelOf(UbjsonValue booster) => booster["learner"]["gradient_booster"]["model"];

    private void CopyTree(UbjsonValue tree, int number)
    {
        var left = tree["left_children"].Integers();
        blended.Write("{"u8);
        foreach (var (name, value) in tree.Members())
        {
            WriteText(name);
            switch (name)
            {
                case "id":
                    blended.Write("l"u8);
                    BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), number);
                    break;
                case "base_weights":
                    WriteNumbers([.. value.Numbers().Select(w => w * share)]);
                    break;
                case "split_conditions":
                    // A leaf keeps its value where a split has its threshold.
                    WriteNumbers([.. value.Numbers().Select((v, node) => left[node] < 0 ? v * share : v)]);
                    break;
                default:
                    blended.Write(value.Bytes.Span);
                    break;
            }
        }

        blended.Write("}"u8);
    }

    private void WriteItems(UbjsonValue[] items, Action<UbjsonValue, int> write)
    {
        blended.Write("[#"u8);
        WriteCount(items.Length);
        for (var i = 0; i < items.Length; i++) write(items[i], i);
    }

    private void WriteNumbers(float[] values)
    {
        blended.Write("[$d#"u8);
        WriteCount(values.Length);
        foreach (var value in values) BinaryPrimitives.WriteSingleBigEndian(Next(sizeof(float)), value);
    }

    private void WriteText(string text)
    {
        WriteCount(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, blended);
    }

    private void WriteCount(long count)
    {
        blended.Write("L"u8);
        BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), count);
    }

    private Span<byte> Next(int length)
    {
        var next = blended.GetSpan(length)[..length];
        blended.Advance(length);
        return next;
    }
}
