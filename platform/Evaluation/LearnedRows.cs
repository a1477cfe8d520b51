using Azure;
using Serverless.Platform.Datasets;

namespace Serverless.Platform.Evaluation;

/// <summary>Which rows, held out of one version of a model's data, a model learned from another version of it.</summary>
/// <remarks>
/// A row's side follows from all of its values, so one column more or less deals all rows anew. What then tells that two rows are the same is what both
/// versions have of them: the features in common and the target. Like rows cannot be told apart by that; they count as the same, on the safe side.
/// </remarks>
public static class LearnedRows
{
    // So many columns are in memory at once beside a number for each row: a large version is not held whole.
    private const int ColumnsAtOnce = 8;

    // Where columns tell fewer rows apart, many are alike by chance.
    private const double LeastDistinct = 0.9;

    /// <param name="datasets">Where both versions are.</param>
    /// <param name="model">The model.</param>
    /// <param name="version">The version that was learned from; its target is that of <paramref name="heldOut"/>.</param>
    /// <param name="heldOut">The held-out rows of the other version.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>For each of them whether it was learned from, and how many columns were compared.</returns>
    /// <exception cref="InvalidDataException">The version's rows cannot be read any more.</exception>
    public static async Task<(bool[] Learned, int Columns)> FindAsync(
        DatasetStore datasets, string model, string version, LabeledTable heldOut, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await datasets.RequireManifestAsync(model, version, cancellationToken);
            return await FindAsync(datasets, manifest with { Sensitive = [] }, heldOut, cancellationToken);
        }
        catch (Exception gone) when (gone is InvalidDataException or DuckDbException or RequestFailedException { Status: 404 })
        {
            throw new InvalidDataException($"Dataset {version}, which it was trained on, cannot be read, so that nobody can say which held-out rows are among its training rows.", gone);
        }
    }

    private static async Task<(bool[] Learned, int Columns)> FindAsync(
        DatasetStore datasets, DatasetManifest manifest, LabeledTable heldOut, CancellationToken cancellationToken)
    {
        var shared = manifest.Features.Where(its => heldOut.Features.Columns.Any(c => c.Name == its.Name && Alike(c.Kind, its.Kind))).ToList();
        var (all, telling) = (Rows.Of(manifest, heldOut), Rows.Of(manifest, heldOut));
        var (labels, rowHashes) = (Array.Empty<float>(), Array.Empty<ulong>());
        foreach (var part in shared.Chunk(ColumnsAtOnce).DefaultIfEmpty([]))
        {
            var table = await datasets.ReadAsync(manifest with { Features = part }, DataSplit.Train, cancellationToken);
            (labels, rowHashes) = (table.Labels, table.RowHashes);
            for (var c = 0; c < part.Length; c++)
            {
                var place = heldOut.Features.Columns.Index().First(h => h.Item.Name == part[c].Name).Index;
                all.Add(table.Features, c, heldOut.Features, place);
                // What numbers rows may number them anew each time: it is left aside where the others tell rows apart.
                if (LeakageCheck.FindIdentifier(table.Features, c) is not { Found: 1 }) telling.Add(table.Features, c, heldOut.Features, place);
            }
        }

        var compared = telling.HeldOut.Distinct().Count() < LeastDistinct * heldOut.RowCount ? all : telling;
        // A row that the split kept from it as it is now was not learned from, whatever rows are like it.
        var kept = (await datasets.ReadAsync(manifest with { Features = [] }, DataSplit.HeldOut, cancellationToken)).RowHashes.ToHashSet();
        kept.ExceptWith(rowHashes);
        ulong[] rows = [.. compared.HeldOut.Zip(heldOut.Labels, FeatureHash.Labeled)];
        var asked = rows.ToHashSet();
        var learned = compared.Train.Zip(labels, FeatureHash.Labeled).Where(asked.Contains).ToHashSet();
        return ([.. rows.Zip(heldOut.RowHashes, (hash, row) => learned.Contains(hash) && !kept.Contains(row))], compared.Columns);
    }

    private static bool Alike(ColumnKind one, ColumnKind other) =>
        one == other || (!one.IsNumeric() && !other.IsNumeric() && one != ColumnKind.Text && other != ColumnKind.Text);

    /// <summary>Hashes of the rows of both, over the same columns.</summary>
    private sealed class Rows(ulong[] train, ulong[] heldOut)
    {
        public ulong[] Train => train;

        public ulong[] HeldOut => heldOut;

        public int Columns { get; private set; }

        public static Rows Of(DatasetManifest manifest, LabeledTable heldOut) =>
            new(new ulong[manifest.Splits.Single(s => s.Split == DataSplit.Train).Rows], new ulong[heldOut.RowCount]);

        public void Add(FeatureTable its, int column, FeatureTable ours, int place)
        {
            FeatureHash.Add(train, its, column);
            FeatureHash.Add(heldOut, ours, place);
            Columns++;
        }
    }
}
