using System.Runtime.InteropServices;
using Serverless.Platform.Datasets;

namespace Serverless.Platform.Evaluation;

/// <summary>Counts held-out rows that repeat a training row.</summary>
/// <remarks>
/// Where columns have few values, cases are alike without being one case: those of a frequent combination of values are told from copies by their outcomes, which differ among cases and
/// are the same among copies. They are decided on together, since of a rare outcome one combination by itself may have none.
/// </remarks>
internal static class Repeats
{
    // Of copies all outcomes are the same; of cases those of most combinations are not, unless the columns determine them.
    private const double LeastMixed = 0.5;

    /// <param name="train">The training rows.</param>
    /// <param name="heldOut">The held-out rows.</param>
    /// <param name="columns">The columns of both to compare by.</param>
    public static RepeatedRows Find(LabeledTable train, LabeledTable heldOut, IReadOnlyList<string> columns)
    {
        var rows = train.RowHashes.Zip(train.Labels, FeatureHash.Labeled).ToHashSet();
        var combinations = new Dictionary<ulong, Combination>();
        var labeled = new HashSet<ulong>();
        foreach (var (hash, label) in FeatureHash.Of(train.Features, columns).Zip(train.Labels))
        {
            ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(combinations, hash, out var isKnown);
            seen = isKnown ? seen with { IsMixed = seen.IsMixed || seen.Label != label, Rows = seen.Rows + 1 } : new Combination(label, false, 1);
            labeled.Add(FeatureHash.Labeled(hash, label));
        }

        // By the rule that rows were dealt by, which is one of all rows.
        var features = FeatureHash.Of(heldOut.Features, columns);
        var among = features.CountBy(f => f).ToDictionary();
        var all = train.RowCount + heldOut.RowCount;
        var areFew = AlikeRows.CountPossible(columns.Select(c => FeatureHash.Of(train.Features, [c]).Concat(FeatureHash.Of(heldOut.Features, [c])).Distinct().LongCount()), all) is not null;
        bool IsFrequent(ulong hash, Combination combination) => areFew || AlikeRows.AreFrequent(combination.Rows + among.GetValueOrDefault(hash), all);
        var frequent = combinations.Where(c => IsFrequent(c.Key, c.Value)).Select(c => c.Value).ToList();
        var areCases = frequent.Where(c => c.IsMixed).Sum(c => c.Rows) >= LeastMixed * frequent.Sum(c => c.Rows);

        int sameRow = 0, sameFeatures = 0, otherLabel = 0, cases = 0;
        for (var row = 0; row < features.Length; row++)
        {
            var label = heldOut.Labels[row];
            if (rows.Contains(FeatureHash.Labeled(heldOut.RowHashes[row], label))) sameRow++;
            if (!combinations.TryGetValue(features[row], out var seen)) continue;
            if (areCases && IsFrequent(features[row], seen))
            {
                cases++;
                continue;
            }

            if (labeled.Contains(FeatureHash.Labeled(features[row], label))) sameFeatures++;
            if (seen.IsMixed || seen.Label != label) otherLabel++;
        }

        return new RepeatedRows(heldOut.RowCount, sameRow, sameFeatures, otherLabel) { AlikeCases = cases };
    }

    /// <param name="Label">Of its first row.</param>
    /// <param name="IsMixed">Whether another has another.</param>
    /// <param name="Rows">How many there are.</param>
    private readonly record struct Combination(float Label, bool IsMixed, int Rows);
}
