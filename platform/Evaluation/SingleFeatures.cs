using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Platform.Evaluation;

/// <summary>
/// How much each feature alone says of the target. Numbers are tried by value and by quantile band, so that what is telling at both ends shows too;
/// categories as they are, texts by their most telling word. What a band, a category or a word says of the target comes from the other half of the rows: a category of one row cannot know its own label.
/// </summary>
internal static class SingleFeatures
{
    // Each feature is sorted a few times; so many rows take about 20 ms a feature and leave an AUC of 0.95 uncertain by 0.002.
    private const int MostRows = 50_000;

    // Of several classes each is sorted apart.
    private const int LeastRows = 5_000;

    /// <returns>Every feature, the strongest first.</returns>
    public static IReadOnlyList<FeatureStrength> Measure(LabeledTable train, CancellationToken cancellationToken)
    {
        var classes = Math.Max(2, train.Classes.Count);
        var sample = train.Sample(Math.Max(LeastRows, MostRows * 2 / classes));
        bool[] half = [.. sample.RowHashes.Select(h => (SplitMix64.Mix(h) & 1) == 1)];
        var strengths = new List<FeatureStrength>();
        for (var c = 0; c < sample.Features.Columns.Count; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (name, kind) = sample.Features.Columns[c];
            var numbers = kind.IsNumeric() ? new RankedNumbers(sample.Features.Numbers(c)) : null;
            var means = MeansBy(sample.Features, c, numbers, half);
            strengths.Add(train.Task switch
            {
                LearningTask.MulticlassClassification => new FeatureStrength(name, RocAuc(means, sample.Labels, classes)),
                LearningTask.Regression => new FeatureStrength(name, null, R2(numbers, means(sample.Labels), kind, sample.Labels)),
                _ => new FeatureStrength(name, RocAuc(numbers, means(sample.Labels), sample.Labels)),
            });
        }

        return [.. strengths.OrderByDescending(s => s.Value).ThenBy(s => s.Column, StringComparer.Ordinal)];
    }

    /// <summary>What is to be expected of each row's label by its band, category or words, of labels that may be any.</summary>
    private static Func<float[], float[]> MeansBy(FeatureTable rows, int column, RankedNumbers? numbers, bool[] half)
    {
        if (rows.Columns[column].Kind == ColumnKind.Text)
        {
            var texts = rows.Categories(column);
            var forms = TextWords.Learn(texts).Forms();
            int[][] words = Array.ConvertAll(texts, text => TextWords.PlacesIn(text, forms).Order().ToArray());
            return labels => MeansOfTheOtherHalf(words, labels, half);
        }

        int[][] groups = Array.ConvertAll(numbers?.Bands ?? Numbered(rows.Categories(column)), group => (int[])[group]);
        return labels => MeansOfTheOtherHalf(groups, labels, half);
    }

    /// <summary>Of two classes: by value either way round, missing values first or last, and by the positive rate of its groups.</summary>
    private static double RocAuc(RankedNumbers? numbers, float[] means, float[] labels)
    {
        var best = Auc(means);
        if (numbers is null) return best;
        best = Math.Max(best, Auc(numbers.Ranks));
        return numbers.MissingLast is { } last ? Math.Max(best, Auc(last)) : best;

        double Auc(float[] scores)
        {
            var auc = new ScoreRanking(scores, labels).Measure().RocAuc;
            return Math.Max(auc, 1 - auc);
        }
    }

    /// <summary>Of several classes: by the rate of each class among its groups.</summary>
    private static double RocAuc(Func<float[], float[]> means, float[] labels, int classes)
    {
        var scores = new float[labels.Length * classes];
        for (var c = 0; c < classes; c++)
        {
            var rates = means(Array.ConvertAll(labels, l => l == c ? 1f : 0f));
            for (var row = 0; row < rates.Length; row++) scores[(row * classes) + c] = rates[row];
        }

        return TaskMetrics.Value(LearningTask.MulticlassClassification, MetricNames.RocAuc, scores, classes, labels);
    }

    /// <summary>Of a number: the best of a straight line, a straight line through the ranks, and the means of its groups; of a text a straight line through those of its words.</summary>
    private static double R2(RankedNumbers? numbers, float[] means, ColumnKind kind, float[] labels)
    {
        if (!labels.AsSpan().ContainsAnyExcept(labels[0])) return 0;
        var byGroup = kind == ColumnKind.Text ? new RankedNumbers(means).Explains(labels) : TaskMetrics.Value(LearningTask.Regression, MetricNames.R2, means, 1, labels);
        return Math.Max(0, numbers is null ? byGroup : Math.Max(byGroup, numbers.Explains(labels)));
    }

    /// <summary>
    /// The mean label of each row's group in the other half of the rows, drawn a little towards the mean of all; of several groups that which is furthest
    /// from it, of none the mean of all.
    /// </summary>
    private static float[] MeansOfTheOtherHalf(int[][] groups, float[] labels, bool[] half)
    {
        var counts = new Dictionary<(int Group, bool Half), (int Rows, double Sum)>();
        for (var row = 0; row < groups.Length; row++)
        {
            foreach (var group in groups[row])
            {
                var seen = counts.GetValueOrDefault((group, half[row]));
                counts[(group, half[row])] = (seen.Rows + 1, seen.Sum + labels[row]);
            }
        }

        var mean = labels.Average();
        return [.. groups.Select((own, row) => MostTelling(own, !half[row]))];

        float MostTelling(int[] own, bool other)
        {
            var telling = mean;
            foreach (var group in own)
            {
                if (!counts.TryGetValue((group, other), out var seen)) continue;
                var expected = (float)((seen.Sum + mean) / (seen.Rows + 1));
                if (Math.Abs(expected - mean) > Math.Abs(telling - mean)) telling = expected;
            }

            return telling;
        }
    }

    /// <summary>The categories by number.</summary>
    private static int[] Numbered(string[] categories)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return Array.ConvertAll(categories, c =>
        {
            if (!numbers.TryGetValue(c, out var number)) numbers[c] = number = numbers.Count;
            return number;
        });
    }
}
