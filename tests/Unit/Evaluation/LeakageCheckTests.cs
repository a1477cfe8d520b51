using Serverless.Platform.Datasets;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class LeakageCheckTests
{
    [Fact]
    public void Run_HonestColumns_FindsNothing()
    {
        var report = Run(Rows(2_000, 1), Rows(500, 2));

        Assert.Empty(report.Findings);
        Assert.Equal(new RepeatedRows(500, 0, 0, 0), report.Repeats);
        Assert.Equal("weak", report.Features[0].Column);
        Assert.InRange(report.Features[0].RocAuc!.Value, 0.6, 0.8);
    }

    [Theory]
    [InlineData("number")]
    [InlineData("text")]
    [InlineData("both ends")]
    [InlineData("missing")]
    public void Run_AFeatureThatKnowsTheAnswer_IsNamedWithItsAuc(string how)
    {
        var train = Rows(1_000, 1, (labels, random) => how switch
        {
            "number" => labels.Select(l => l == 1 ? random.NextSingle() : random.NextSingle() + 0.9f).ToArray(),
            "both ends" => labels.Select(l => l == 1 ? (random.Next(2) * 10f) + random.NextSingle() : 5f + random.NextSingle()).ToArray(),
            "missing" => labels.Select(l => l == 1 ? float.NaN : random.NextSingle()).ToArray(),
            _ => (Array)labels.Select(l => l == 1 ? $"w{random.Next(3)}" : $"o{random.Next(3)}").ToArray(),
        });

        var finding = Assert.Single(Run(train, Rows(200, 2)).Findings, f => f.Kind == "single-feature");

        Assert.Equal("extra", finding.Column);
        Assert.True(finding.Found > 0.98);
        Assert.Contains("'ignore'", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DistinctTexts_DoNotKnowTheirOwnLabel()
    {
        var report = Run(Rows(1_000, 1, (labels, _) => labels.Select((_, i) => $"id-{i}").ToArray()), Rows(200, 2));

        Assert.InRange(report.Features.Single(f => f.Column == "extra").RocAuc!.Value, 0.5, 0.56);
        Assert.Equal(("identifier", "extra"), (Assert.Single(report.Findings).Kind, report.Findings[0].Column));
    }

    [Fact]
    public void Run_WholeNumbersAllDistinct_LookLikeAnIdentifier()
    {
        Assert.Equal("identifier", Assert.Single(Run(Rows(500, 1, (labels, _) => labels.Select((_, i) => 7_000f + i).ToArray()), Rows(100, 2)).Findings).Kind);
        Assert.Empty(Run(Rows(500, 1, (labels, random) => labels.Select(_ => random.NextSingle()).ToArray()), Rows(100, 2)).Findings);
    }

    [Fact]
    public void Run_HeldOutRowsOfTheTrainingRows_AreCountedByWhatRepeats()
    {
        var train = Rows(1_000, 1);
        var taken = train.Take([.. Enumerable.Range(0, 40)]);
        var others = Rows(60, 2);

        var same = Run(train, Join(taken, others));
        var contradicting = Run(train, Join(taken with { Labels = [.. taken.Labels.Select(l => 1 - l)], RowHashes = [.. taken.RowHashes.Select(h => h + 1)] }, others));

        Assert.Equal(new RepeatedRows(100, 40, 40, 0), same.Repeats);
        Assert.Equal(["repeated-rows", "repeated-rows"], same.Findings.Select(f => f.Kind));
        Assert.Equal(new RepeatedRows(100, 0, 0, 40), contradicting.Repeats);
        Assert.Equal(("contradicting-rows", 0.4), (Assert.Single(contradicting.Findings).Kind, contradicting.Findings[0].Found));
        Assert.Contains("40.0", Assert.Single(contradicting.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_OfManyFindings_AreFewAndSayHowManyMore()
    {
        var finding = new LeakageFinding("identifier", "c", 1, 0.5, "Found.", "Do.");
        var report = new LeakageReport([.. Enumerable.Repeat(finding, 20)], [], new RepeatedRows(10, 0, 0, 0));

        Assert.Equal((9, "Found. Do.", "There are 12 more findings in leakage.json."), (report.Warnings().Count, report.Warnings()[0], report.Warnings()[^1]));
    }

    private static LeakageReport Run(LabeledTable train, LabeledTable heldOut) => LeakageCheck.Run(train, heldOut, "Status", CancellationToken.None);

    private static LabeledTable Join(LabeledTable first, LabeledTable second) => new(
        new FeatureTable(
            first.Features.Columns,
            [.. first.Features.Columns.Select((c, i) => c.Kind == ColumnKind.Number
                ? (Array)first.Features.Numbers(i).Concat(second.Features.Numbers(i)).ToArray()
                : first.Features.Categories(i).Concat(second.Features.Categories(i)).ToArray())],
            first.RowCount + second.RowCount),
        [.. first.Labels, .. second.Labels], [.. first.RowHashes, .. second.RowHashes], new Dictionary<string, string[]>());

    private static LabeledTable Rows(int count, int seed, Func<float[], Random, Array>? extra = null)
    {
        var random = new Random(seed);
        float[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? 1f : 0f)];
        float[] weak = [.. labels.Select(l => random.NextSingle() + (l * 0.3f))];
        string[] noise = [.. labels.Select(_ => $"c{random.Next(10)}")];
        var columns = new List<FeatureColumn> { new("weak", ColumnKind.Number), new("noise", ColumnKind.Category) };
        var values = new List<Array> { weak, noise };
        if (extra?.Invoke(labels, random) is { } made)
        {
            columns.Add(new FeatureColumn("extra", made is float[]? ColumnKind.Number : ColumnKind.Category));
            values.Add(made);
        }

        return new LabeledTable(
            new FeatureTable(columns, values, count), labels, [.. labels.Select(_ => (ulong)random.NextInt64())], new Dictionary<string, string[]>());
    }
}
