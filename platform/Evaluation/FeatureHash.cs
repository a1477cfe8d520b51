using System.IO.Hashing;
using System.Runtime.InteropServices;
using Serverless.Platform.Datasets;

namespace Serverless.Platform.Evaluation;

/// <summary>A 64-bit hash of what a model sees of each row: its features and nothing else.</summary>
internal static class FeatureHash
{
    /// <param name="table">The rows.</param>
    /// <param name="columns">The columns that count, in an order of their own.</param>
    public static ulong[] Of(FeatureTable table, IReadOnlyList<string> columns)
    {
        var hashes = new ulong[table.RowCount];
        var places = table.Columns.Index().ToDictionary(c => c.Item.Name, c => c.Index, StringComparer.Ordinal);
        foreach (var name in columns) Add(hashes, table, places[name]);
        return hashes;
    }

    /// <summary>Takes one more column into the hashes of a table's rows.</summary>
    public static void Add(ulong[] hashes, FeatureTable table, int column)
    {
        if (table.Columns[column].Kind.IsNumeric())
        {
            var numbers = table.Numbers(column);
            // Adding zero makes one of the two zeros; a missing value has one bit pattern whatever it came from.
            for (var row = 0; row < hashes.Length; row++) Add(ref hashes[row], float.IsNaN(numbers[row]) ? ulong.MaxValue : BitConverter.SingleToUInt32Bits(numbers[row] + 0f));
        }
        else
        {
            var texts = table.Categories(column);
            for (var row = 0; row < hashes.Length; row++) Add(ref hashes[row], XxHash3.HashToUInt64(MemoryMarshal.AsBytes(texts[row].AsSpan())));
        }
    }

    /// <summary>A hash of features and label.</summary>
    public static ulong Labeled(ulong features, float label) => SplitMix64.Mix(features ^ SplitMix64.Mix(BitConverter.SingleToUInt32Bits(label + 0f)));

    private static void Add(ref ulong hash, ulong value) => hash = SplitMix64.Mix(hash + SplitMix64.Mix(value) + 0x9E3779B97F4A7C15);
}
