using System.Globalization;
using System.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>Reads a dataset's rows into memory.</summary>
public static class DatasetReader
{
    /// <summary>One part of a dataset, in the order of its sources' content hashes and their rows.</summary>
    /// <param name="parquetPath">Where <c>data.parquet</c> is on disk.</param>
    /// <param name="manifest">The dataset's manifest.</param>
    /// <param name="split">The part.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DuckDbException">The file cannot be read, or does not have the manifest's columns.</exception>
    public static LabeledTable Read(string parquetPath, DatasetManifest manifest, DataSplit split, CancellationToken cancellationToken)
    {
        var rows = (int)manifest.Splits.Single(s => s.Split == split).Rows;
        var features = manifest.Features;
        var values = features.Select(f => f.Kind.IsNumeric() ? (Array)new float[rows] : new string[rows]).ToArray();
        var labels = new float[rows];
        var hashes = new ulong[rows];
        var keys = manifest.SplitBy is { } rule ? new SplitKeys(rule.By, new ulong[rows]) : null;
        var extra = manifest.Sensitive.Where(s => !s.IsFeature).Select(s => s.Name).ToList();
        var extraValues = extra.ToDictionary(name => name, _ => new string[rows], StringComparer.Ordinal);
        var columns = features.Select(f => f.Name).Append(manifest.Target.Column).Append(DatasetColumns.RowHash).Concat(extra)
            .Concat(manifest.SplitBy is null ? [] : [DatasetColumns.SplitKey]).Select(DuckDbConnection.Identifier);

        // One thread reads the file front to back, so rows come in the order they were written in: no sort of what was sorted.
        using var connection = DuckDbConnection.Open(new DuckDbOptions { Threads = 1 });
        using var result = connection.Stream(
            $"SELECT {string.Join(", ", columns)} FROM read_parquet(?) WHERE {DatasetColumns.Split} = ?",
            cancellationToken, parquetPath, HeldOutSplit.NameOf(split));
        var texts = new TextPool();
        string[] classes = [.. manifest.Target.Classes?.Select(c => c.Name) ?? []];
        var places = classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        var read = 0;
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (read + chunk.RowCount > rows)
                {
                    throw CountsDiffer(parquetPath, rows, "more");
                }

                for (var c = 0; c < values.Length; c++)
                {
                    Fill(values[c], chunk, c, read, texts, features[c].Kind == ColumnKind.Text);
                }

                Label(labels.AsSpan(read), chunk, features.Count, manifest.Target, places, texts);
                chunk.UnsignedIntegers(features.Count + 1).CopyTo(hashes.AsSpan(read));
                if (keys is not null) chunk.UnsignedIntegers(features.Count + 2 + extra.Count).CopyTo(keys.Values.AsSpan(read));
                for (var c = 0; c < extra.Count; c++)
                {
                    Fill(extraValues[extra[c]], chunk, features.Count + 2 + c, read, texts);
                }

                read += chunk.RowCount;
            }
        }

        return read == rows
            ? Labeled(new FeatureTable(features, values, rows))
            : throw CountsDiffer(parquetPath, rows, read.ToString(CultureInfo.InvariantCulture));

        LabeledTable Labeled(FeatureTable table) => new(table, labels, hashes, Sensitive(manifest, table, extraValues))
        {
            Task = manifest.Target.Task,
            Classes = classes,
            Keys = keys,
        };
    }

    private static void Fill(Array into, DuckDbChunk chunk, int column, int from, TextPool texts, bool isText = false)
    {
        if (into is float[] numbers)
        {
            var floats = chunk.Floats(column);
            for (var row = 0; row < floats.Length; row++)
            {
                numbers[from + row] = chunk.IsNull(column, row) ? float.NaN : floats[row];
            }
        }
        else if (into is string[] categories)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                var value = chunk.Utf8(column, row);
                categories[from + row] = texts.Get(isText ? ValueParser.Text(value) : value);
            }
        }
    }

    private static void Label(
        Span<float> labels, DuckDbChunk chunk, int column, DatasetTarget target, Dictionary<string, int> places, TextPool texts)
    {
        if (target.Task == LearningTask.Regression)
        {
            chunk.Floats(column).CopyTo(labels);
            return;
        }

        for (var row = 0; row < chunk.RowCount; row++)
        {
            var value = texts.Get(chunk.Utf8(column, row));
            labels[row] = target.Task == LearningTask.MulticlassClassification ? places[value] : value == target.Positive ? 1 : 0;
        }
    }

    private static Dictionary<string, string[]> Sensitive(DatasetManifest manifest, FeatureTable table, Dictionary<string, string[]> extra)
    {
        var sensitive = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var column in manifest.Sensitive)
        {
            var feature = column.IsFeature ? manifest.Features.Select(f => f.Name).ToList().IndexOf(column.Name) : -1;
            sensitive[column.Name] = feature < 0 ? extra[column.Name] : table.Groups(feature);
        }

        return sensitive;
    }

    private static DuckDbException CountsDiffer(string path, int expected, string found) =>
        new($"'{path}' has {found} rows; its manifest says {expected}. The two are not of one dataset: fetch both again.");

    /// <summary>One string for each distinct value, since categories repeat.</summary>
    private sealed class TextPool
    {
        private const int LongestPooled = 64;
        private const int MaxPooled = 100_000;

        private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> pooled =
            new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        public string Get(ReadOnlySpan<byte> utf8)
        {
            if (utf8.Length is 0 or > LongestPooled)
            {
                return Encoding.UTF8.GetString(utf8);
            }

            Span<char> chars = stackalloc char[LongestPooled];
            ReadOnlySpan<char> text = chars[..Encoding.UTF8.GetChars(utf8, chars)];
            if (!pooled.TryGetValue(text, out var value))
            {
                value = text.ToString();
                if (pooled.Dictionary.Count < MaxPooled)
                {
                    pooled.Dictionary.Add(value, value);
                }
            }

            return value;
        }
    }
}
