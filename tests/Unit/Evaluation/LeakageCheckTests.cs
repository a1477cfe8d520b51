using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
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

    [Theory]
    [InlineData(LearningTask.BinaryClassification)]
    [InlineData(LearningTask.MulticlassClassification)]
    [InlineData(LearningTask.Regression)]
    public void Run_WordsThatKnowTheAnswer_AreFoundInTextsThatAreAllDistinct(LearningTask task)
    {
        var random = new Random(6);
        float[] labels = [.. Enumerable.Range(0, 2_000).Select(_ => (float)random.Next(task == LearningTask.BinaryClassification ? 2 : 3))];
        IReadOnlyList<string> classes = task == LearningTask.MulticlassClassification ? ["a", "b", "c"] : [];
        string[] says = ["paid in full", "defaulted on the loan", "was late at first"];
        var telling = labels.Select((l, i) => $"customer {says[(int)l]} ref{i}").ToArray();
        var idle = labels.Select((_, i) => $"customer {says[random.Next(3)]} ref{i}").ToArray();
        LabeledTable Texts(string[] texts) =>
            new(new FeatureTable([new FeatureColumn("Note", ColumnKind.Text)], [texts], texts.Length), labels, [.. labels.Select((_, i) => (ulong)i)], new Dictionary<string, string[]>())
            {
                Task = task,
                Classes = classes,
            };

        var finding = Assert.Single(Run(Texts(telling), Texts(telling).Take([0])).Findings, f => f.Kind == "single-feature");

        Assert.Equal("Note", finding.Column);
        Assert.True(finding.Found > 0.98, $"{finding.Found}");
        Assert.DoesNotContain(Run(Texts(idle), Texts(idle).Take([0])).Findings, f => f.Kind == "single-feature");
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
    public void Run_TheSameCasesUnderOtherNumbers_AreCountedAsRepeats()
    {
        var train = Rows(500, 1, (labels, _) => labels.Select((_, i) => 7_000f + i).ToArray());
        var numbered = train.Features;
        int[] first = [.. Enumerable.Range(0, 100)];
        var others = train.Take(first);
        var heldOut = others with
        {
            Features = new FeatureTable(
                numbered.Columns,
                [.. numbered.Columns.Select((c, place) => c.Name == "extra" ? first.Select(i => 9_000f + i).ToArray()
                    : c.Kind == ColumnKind.Number ? (Array)others.Features.Numbers(place) : others.Features.Categories(place))],
                first.Length),
            RowHashes = [.. first.Select(i => 1_000_000UL + (ulong)i)],
        };

        Assert.Equal(100, Run(train, heldOut).Repeats.SameFeatures);
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

    [Theory]
    [InlineData("copy", true)]
    [InlineData("its logarithm", true)]
    [InlineData("its square, seen at both ends", true)]
    [InlineData("a code for each value", true)]
    [InlineData("half of it", false)]
    [InlineData("noise", false)]
    public void Run_AFeatureOfANumber_IsNamedFromMostOfItsVarianceOn(string how, bool found)
    {
        var random = new Random(6);
        // Few are very large, as amounts are.
        float[] labels = [.. Enumerable.Range(0, 3_000).Select(_ => MathF.Exp(6 * random.NextSingle()))];
        if (how is "its square, seen at both ends") labels = [.. labels.Select(_ => random.NextSingle())];
        if (how is "a code for each value") labels = [.. labels.Select(_ => (float)random.Next(20))];
        Array feature = how switch
        {
            "copy" => labels.Select(l => (3 * l) + 7).ToArray(),
            "its logarithm" => labels.Select(l => MathF.Log(l)).ToArray(),
            "its square, seen at both ends" => labels.Select(l => MathF.Sqrt(l) * (random.Next(2) == 0 ? 1 : -1)).ToArray(),
            "a code for each value" => labels.Select(l => $"code {l}").ToArray(),
            "half of it" => labels.Select(l => l + (200 * random.NextSingle())).ToArray(),
            _ => labels.Select(_ => random.NextSingle()).ToArray(),
        };

        var report = Run(Table(LearningTask.Regression, [], labels, feature), Table(LearningTask.Regression, [], labels[..20], new float[20]));

        var strength = Assert.Single(report.Features);
        Assert.Null(strength.RocAuc);
        Assert.Equal(found, strength.R2 >= LeakageCheck.SuspiciousR2);
        Assert.Equal(found, report.Findings.Any(f => f.Kind == "single-feature" && f.Finding.Contains("of the variance of 'Status'", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_AFeatureOfSeveralClasses_IsNamedWhereItKnowsThemAll()
    {
        var random = new Random(6);
        float[] labels = [.. Enumerable.Range(0, 2_000).Select(_ => (float)random.Next(3))];
        IReadOnlyList<string> classes = ["a", "b", "c"];
        var others = Table(LearningTask.MulticlassClassification, classes, labels[..20], new float[20]);

        var known = Run(Table(LearningTask.MulticlassClassification, classes, labels, labels.Select(l => $"{(l + 1) % 3}").ToArray()), others);
        var noise = Run(Table(LearningTask.MulticlassClassification, classes, labels, labels.Select(_ => random.NextSingle()).ToArray()), others);

        Assert.True(Assert.Single(known.Findings, f => f.Kind == "single-feature").Found > 0.99);
        Assert.InRange(Assert.Single(noise.Features).RocAuc!.Value, 0.45, 0.55);
        Assert.DoesNotContain(noise.Findings, f => f.Kind == "single-feature");
    }

    [Fact]
    public void Run_LikeRowsOfAnotherNumber_AreCountedAndNoContradiction()
    {
        var train = Table(LearningTask.Regression, [], [1, 2, 3, 4, 5, 6], new float[] { 7, 8, 8, 9, 11, 12 });
        var heldOut = Table(LearningTask.Regression, [], [1, 3, 5], new float[] { 7, 8, 9 });

        var report = Run(train, heldOut with { RowHashes = [101, 102, 103] });

        Assert.Equal(new RepeatedRows(3, 0, 2, 2), report.Repeats);
        Assert.DoesNotContain(report.Findings, f => f.Kind == "contradicting-rows");
    }

    [Fact]
    public void Run_MoreRowsThanAreMeasured_TakesEveryClass()
    {
        float[] labels = [.. Enumerable.Range(0, 120_000).Select(i => i % 30_000 == 5 ? 1f : 0f)];

        var report = Run(Table(LearningTask.BinaryClassification, [], labels, labels.Select(l => l).ToArray()), Table(LearningTask.BinaryClassification, [], [0, 1], new float[2]));

        Assert.Equal(1, Assert.Single(report.Features).RocAuc);
    }

    private static LabeledTable Table(LearningTask task, IReadOnlyList<string> classes, float[] labels, Array feature) => new(
        new FeatureTable([new FeatureColumn("extra", feature is float[]? ColumnKind.Number : ColumnKind.Category)], [feature], labels.Length),
        labels, [.. Enumerable.Range(0, labels.Length).Select(i => SplitMix64.Mix((ulong)i))], new Dictionary<string, string[]>())
    {
        Task = task,
        Classes = classes,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void Run_RecordsOfOneCaseOnBothSides_AreFoundByAllColumnsButOne(int months)
    {
        // Cases that differ in all columns, each of four times; the month, or a reading of the day, alone differs between them.
        var random = new Random(9);
        var cases = Enumerable.Range(0, 500).Select(_ => (Income: random.NextSingle(), Debt: random.NextSingle(), Age: (float)random.Next(18, 90), Label: (float)random.Next(2))).ToArray();
        LabeledTable Records(int from, int to)
        {
            var rows = cases.SelectMany(c => Enumerable.Range(from, to - from).Select(month => (Case: c, Month: months == 1 ? random.NextSingle() : month % months))).ToArray();
            return new LabeledTable(
                new FeatureTable(
                    [new FeatureColumn("Income", ColumnKind.Number), new FeatureColumn("Debt", ColumnKind.Number), new FeatureColumn("Age", ColumnKind.Number), new FeatureColumn("Month", ColumnKind.Number)],
                    [rows.Select(r => r.Case.Income).ToArray(), rows.Select(r => r.Case.Debt).ToArray(), rows.Select(r => r.Case.Age).ToArray(), rows.Select(r => r.Month).ToArray()],
                    rows.Length),
                [.. rows.Select(r => r.Case.Label)], [.. rows.Select(_ => (ulong)random.NextInt64())], new Dictionary<string, string[]>());
        }

        var report = Run(Records(0, 3), Records(3, 4));

        var finding = Assert.Single(report.Findings, f => f.Kind == "near-repeated-rows");
        Assert.Equal(("Month", 1.0, 500), (finding.Column, finding.Found, report.Repeats.NearlySame));
        Assert.Contains("500 of 500 held-out rows (100.0%) agree with a training row in all columns but one, most of them but 'Month'", finding.Finding, StringComparison.Ordinal);
        Assert.Contains("split: { group: … }", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FewCategories_AgreeInAllColumnsButOneByChance()
    {
        var random = new Random(4);
        LabeledTable Rows(int count) => new(
            new FeatureTable(
                [.. Enumerable.Range(0, 6).Select(c => new FeatureColumn($"c{c}", ColumnKind.Category))],
                [.. Enumerable.Range(0, 6).Select(_ => (Array)Enumerable.Range(0, count).Select(_ => $"v{random.Next(4)}").ToArray())], count),
            [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(2))], [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64())], new Dictionary<string, string[]>());

        var report = Run(Rows(2_000), Rows(500));

        Assert.Equal(0, report.Repeats.NearlySame);
        Assert.DoesNotContain(report.Findings, f => f.Kind == "near-repeated-rows");
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
