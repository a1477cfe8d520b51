using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class CrossValidationFoldsTests
{
    [Fact]
    public void HeldOut_RowsOfOneSplit_FillFiveEvenFolds()
    {
        // A split takes rows by the remainder of their hash; the folds of what is left must not follow it.
        var folds = CrossValidationFolds.HeldOut([.. Hashes(5_000).Where(h => h % 5 == 0)], 5, 17);

        Assert.Equal(5, folds.Length);
        Assert.All(folds, f => Assert.InRange(f.Length, 150, 250));
    }

    [Fact]
    public void HeldOut_EachRow_IsInExactlyOneFold() =>
        Assert.Equal(Enumerable.Range(0, 500), CrossValidationFolds.HeldOut([.. Hashes(500)], 5, 17).SelectMany(f => f).Order());

    [Fact]
    public void HeldOut_EqualRows_ShareAFold()
    {
        ulong[] hashes = [.. Hashes(50), .. Hashes(50)];

        Assert.All(CrossValidationFolds.HeldOut(hashes, 5, 17), f => Assert.Equal(f.Where(r => r < 50), f.Where(r => r >= 50).Select(r => r - 50)));
    }

    [Fact]
    public void HeldOut_ManyRows_IsOneFoldOfAFifth()
    {
        var fold = Assert.Single(CrossValidationFolds.HeldOut([.. Hashes(20_001)], 5, 17));

        Assert.InRange(fold.Length, 3_800, 4_200);
    }

    [Fact]
    public void HeldOut_AnotherSeed_CutsOtherwise() =>
        Assert.NotEqual(CrossValidationFolds.HeldOut([.. Hashes(50)], 5, 17)[0], CrossValidationFolds.HeldOut([.. Hashes(50)], 5, 18)[0]);

    [Fact]
    public void HeldOut_RowsSplitByTime_PredictsEachBlockFromThoseBefore()
    {
        // Times in no order, four rows of each.
        ulong[] times = [.. Enumerable.Range(0, 600).Select(i => (ulong)(i * 7 % 150))];
        var train = Table(600, new SplitKeys(SplitKind.Time, times));

        var folds = CrossValidationFolds.Usable(train, 5, 17);

        Assert.Equal([100, 100, 100, 100, 100], folds.Select(f => f.Length));
        Assert.All(folds, fold =>
        {
            var learned = CrossValidationFolds.Others(train, fold);
            Assert.True(learned.Max(r => times[r]) < fold.Min(r => times[r]));
            Assert.Equal(learned.Length, times.Count(t => t < fold.Min(r => times[r])));
        });
        Assert.Equal(500, folds.SelectMany(f => f).Distinct().Count());
    }

    [Fact]
    public void HeldOut_FewTimes_PartsNone()
    {
        var train = Table(90, new SplitKeys(SplitKind.Time, [.. Enumerable.Range(0, 90).Select(i => (ulong)(i / 30))]));

        Assert.Equal([(30, 30), (30, 60)], CrossValidationFolds.Usable(train, 5, 17).Select(f => (f.Length, CrossValidationFolds.Others(train, f).Length)));
    }

    [Fact]
    public void HeldOut_ManyRowsSplitByTime_IsTheNewestBlock()
    {
        var train = Table(24_000, new SplitKeys(SplitKind.Time, [.. Hashes(24_000)]));

        Assert.Equal(Enumerable.Range(20_000, 4_000), Assert.Single(CrossValidationFolds.Usable(train, 5, 17)));
    }

    [Fact]
    public void HeldOut_RowsSplitByGroup_HasEachGroupInOneFold()
    {
        ulong[] groups = [.. Enumerable.Range(0, 600).Select(i => (ulong)(i % 60))];
        var train = Table(600, new SplitKeys(SplitKind.Group, groups));

        var folds = CrossValidationFolds.Usable(train, 5, 17);

        Assert.Equal(600, folds.Sum(f => f.Length));
        Assert.Equal(60, folds.Sum(f => f.Select(r => groups[r]).Distinct().Count()));
        Assert.Equal(600 - folds[0].Length, CrossValidationFolds.Others(train, folds[0]).Length);
    }

    [Fact]
    public void CheckFolds_OneGroup_IsRefused()
    {
        var policy = TrainingPolicy.Default;

        Assert.Null(TrainingRequirements.CheckFolds(Table(90, null), policy));
        Assert.Contains("by group", TrainingRequirements.CheckFolds(Table(90, new SplitKeys(SplitKind.Group, new ulong[90])), policy)!.Reason, StringComparison.Ordinal);
    }

    private static LabeledTable Table(int rows, SplitKeys? keys) => new(
        new FeatureTable([new("x", ColumnKind.Number)], [new float[rows]], rows),
        [.. Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? 1f : 0f)],
        [.. Hashes(rows)],
        new Dictionary<string, string[]>())
    { Keys = keys };

    private static IEnumerable<ulong> Hashes(int count) => Enumerable.Range(0, count).Select(i => (ulong)i);
}
