using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>
/// How much each feature alone says of the target. Numbers are tried by value and by quantile band, so that what is telling at both ends shows too;
/// categories as they are. What a band or a category says of the target comes from the other half of the rows: a category of one row cannot know its own label.
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
            var groups = numbers?.Bands ?? Numbered(sample.Features.Categories(c));
            strengths.Add(train.Task switch
            {
                LearningTask.MulticlassClassification => new FeatureStrength(name, RocAuc(groups, sample.Labels, half, classes)),
                LearningTask.Regression => new FeatureStrength(name, null, R2(numbers, groups, sample.Labels, half)),
                _ => new FeatureStrength(name, RocAuc(numbers, groups, sample.Labels, half)),
            });
        }

        return [.. strengths.OrderByDescending(s => s.Value).ThenBy(s => s.Column, StringComparer.Ordinal)];
    }

    /// <summary>Of two classes: by value either way round, missing values first or last, and by the positive rate of its groups.</summary>
    private static double RocAuc(RankedNumbers? numbers, int[] groups, float[] labels, bool[] half)
    {
        var best = Auc(MeansOfTheOtherHalf(groups, labels, half));
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
    private static double RocAuc(int[] groups, float[] labels, bool[] half, int classes)
    {
        var scores = new float[labels.Length * classes];
        for (var c = 0; c < classes; c++)
        {
            var rates = MeansOfTheOtherHalf(groups, Array.ConvertAll(labels, l => l == c ? 1f : 0f), half);
            for (var row = 0; row < rates.Length; row++) scores[(row * classes) + c] = rates[row];
        }

        return TaskMetrics.Value(LearningTask.MulticlassClassification, MetricNames.RocAuc, scores, classes, labels);
    }

    /// <summary>Of a number: the best of a straight line, a straight line through the ranks, and the means of its groups.</summary>
    private static double R2(RankedNumbers? numbers, int[] groups, float[] labels, bool[] half)
    {
        if (!labels.AsSpan().ContainsAnyExcept(labels[0])) return 0;
        var byGroup = TaskMetrics.Value(LearningTask.Regression, MetricNames.R2, MeansOfTheOtherHalf(groups, labels, half), 1, labels);
        return Math.Max(0, numbers is null ? byGroup : Math.Max(byGroup, numbers.Explains(labels)));
    }

    /// <summary>The mean label of each row's group in the other half of the rows, drawn a little towards the mean of all.</summary>
    private static float[] MeansOfTheOtherHalf(int[] groups, float[] labels, bool[] half)
    {
        var counts = new Dictionary<(int Group, bool Half), (int Rows, double Sum)>();
        for (var row = 0; row < groups.Length; row++)
        {
            var seen = counts.GetValueOrDefault((groups[row], half[row]));
            counts[(groups[row], half[row])] = (seen.Rows + 1, seen.Sum + labels[row]);
        }

        var mean = labels.Average();
        return [.. groups.Select((group, row) => counts.TryGetValue((group, !half[row]), out var other) ? (float)((other.Sum + mean) / (other.Rows + 1)) : mean)];
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
