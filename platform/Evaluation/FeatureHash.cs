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
        foreach (var c in columns.Select(name => places[name]))
        {
            if (table.Columns[c].Kind.IsNumeric())
            {
                var numbers = table.Numbers(c);
                // Adding zero makes one of the two zeros; a missing value has one bit pattern whatever it came from.
                for (var row = 0; row < hashes.Length; row++) Add(ref hashes[row], float.IsNaN(numbers[row]) ? ulong.MaxValue : BitConverter.SingleToUInt32Bits(numbers[row] + 0f));
            }
            else
            {
                var texts = table.Categories(c);
                for (var row = 0; row < hashes.Length; row++) Add(ref hashes[row], XxHash3.HashToUInt64(MemoryMarshal.AsBytes(texts[row].AsSpan())));
            }
        }

        return hashes;
    }

    private static void Add(ref ulong hash, ulong value) => hash = SplitMix64.Mix(hash + SplitMix64.Mix(value) + 0x9E3779B97F4A7C15);
}
