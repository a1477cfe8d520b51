using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Targets of several classes and of numbers: what is taken, what is refused, and what is said of it.</summary>
public sealed class TargetTests : IDisposable
{
    private const string Several = "model: credit-risk\ntask: multiclass-classification\ntarget: { column: Status }\n";
    private const string Number = "model: credit-risk\ntask: regression\ntarget: { column: Status }\n";

    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_SeveralClasses_LabelsRowsByTheirPlaceInOrdinalOrder()
    {
        var built = await BuildAsync(Several, 300, i => ((string[])["red", "Blue", "10", "2"])[i % 4]);

        var target = built.Manifest.Target;
        Assert.Equal(["10", "2", "Blue", "red"], target.Classes?.Select(c => c.Name));
        Assert.Equal((LearningTask.MulticlassClassification, null, null), (target.Task, target.Positive, target.Negative));
        Assert.All(target.Classes ?? [], c => Assert.Equal(75, c.TrainRows + c.HeldOutRows));
        var train = built.Read(DataSplit.Train);
        Assert.Equal(target.Classes?.Select(c => c.TrainRows), Enumerable.Range(0, 4).Select(c => (long)train.Labels.Count(l => l == c)));
        Assert.Equal((target.Task, 4), (train.Task, train.Classes.Count));
        Assert.Equal(train.Classes, train.Take([0, 1]).Classes);
    }

    [Fact]
    public async Task BuildAsync_RareClass_RefusesItsRowsWithTheReason()
    {
        var built = await BuildAsync(Several, 300, i => i <= 9 ? "rare" : i % 2 == 0 ? "a" : "b");

        Assert.Equal((291L, 9L), (built.Manifest.Rows, built.Manifest.RefusedRows));
        Assert.Equal(new ExcludedClass("rare", "it has 9 rows, fewer than 10"), Assert.Single(built.Manifest.Target.ExcludedClasses ?? []));
        var refusal = built.Result.Sources[0].RowRefusals[0];
        Assert.Equal(("The target is 'rare', a class that is left out: it has 9 rows, fewer than 10.", 1L), (refusal.Reason, refusal.Row));
        Assert.Equal("Add rows of this class, or merge it with another.", refusal.Remedy);
    }

    [Fact]
    public async Task BuildAsync_ClassWithoutHeldOutRows_IsLeftOut()
    {
        // Equal rows have one hash, and with it one side, where they are not so many that they are cases alike.
        var text = DatasetFixture.Csv(2_400, change: (i, f) => i <= 20 ? ["same", "1", "1", "own"] : [i % 2 == 0 ? "a" : "b", f[1], f[2], f[3]]);

        var built = await fixture.BuildAsync(Several, fixture.Add("a.csv", text));

        var excluded = Assert.Single(built.Manifest.Target.ExcludedClasses ?? []);
        Assert.Equal("same", excluded.Name);
        Assert.Contains("held out", excluded.Reason, StringComparison.Ordinal);
        Assert.Equal((2_380L, 20L), (built.Manifest.Rows, built.Manifest.RefusedRows));
    }

    [Fact]
    public async Task BuildAsync_RowWithoutItsClass_IsRefused()
    {
        var built = await BuildAsync(Several, 200, i => i == 7 ? "" : i % 2 == 0 ? "a" : "b");

        Assert.Equal("The target is missing; expected one of the 2 classes.", Assert.Single(built.Result.Sources[0].RowRefusals).Reason);
    }

    [Fact]
    public async Task BuildAsync_OneClass_IsRefused() => await AssertRefusedAsync(
        Several, 200, _ => "same", "The target 'Status' has 'same' in 200 rows; expected at least two classes", "Add rows of other classes.");

    [Fact]
    public async Task BuildAsync_MoreThanAHundredClasses_IsRefused() => await AssertRefusedAsync(
        Several, 1_200, i => $"class {i % 101}", "has 101 classes or more; expected at most 100", "Merge classes");

    [Fact]
    public async Task BuildAsync_NumbersAsClasses_AreRefusedWithTheOtherTask() => await AssertRefusedAsync(
        Several, 300, i => (i * 1.5).ToString(CultureInfo.InvariantCulture), "expected at least two classes", "task: regression");

    [Fact]
    public async Task BuildAsync_NumbersToPredict_AreTheLabels()
    {
        var built = await BuildAsync(Number, 300, i => (i * -0.25).ToString(CultureInfo.InvariantCulture));

        var train = built.Read(DataSplit.Train);
        Assert.Equal((LearningTask.Regression, LearningTask.Regression), (built.Manifest.Target.Task, train.Task));
        Assert.Null(built.Manifest.Target.Classes);
        var all = train.Labels.Concat(built.Read(DataSplit.HeldOut).Labels).Order().ToArray();
        Assert.Equal(Enumerable.Range(1, 300).Select(i => i * -0.25f).Order(), all);
    }

    [Theory]
    [InlineData("cheap", "The target is 'cheap'; expected a number.")]
    [InlineData("", "The target is missing; expected a number.")]
    [InlineData("inf", "The target is 'inf'; expected a number.")]
    [InlineData("1e400", "The target is '1e400'; expected a number.")]
    [InlineData("-2e37", "The target is '-2E+37'; expected a number of at most 1E+37.")]
    public async Task BuildAsync_RowWithoutANumberToPredict_IsRefusedWithTheReason(string value, string reason)
    {
        var built = await BuildAsync(Number, 200, i => i == 50 ? value : $"{i}");

        Assert.Equal((199L, 1L), (built.Manifest.Rows, built.Manifest.RefusedRows));
        var refusal = Assert.Single(built.Result.Sources[0].RowRefusals);
        Assert.Equal((reason, 50L, "Status"), (refusal.Reason, refusal.Row, refusal.Column));
    }

    [Fact]
    public async Task BuildAsync_TextsToPredictAsNumbers_AreRefusedWithTheOtherTasks() => await AssertRefusedAsync(
        Number, 200, i => i % 3 == 0 ? "bad" : "good", "has 'good' in 134 rows, 'bad' in 66 rows; expected numbers, since the task is regression", "multiclass-classification");

    [Fact]
    public async Task BuildAsync_ConstantNumber_IsRefused() =>
        await AssertRefusedAsync(Number, 200, _ => "3.5", "is constant: it has '3.5' in 200 rows", "other values of the target");

    [Fact]
    public async Task BuildAsync_AnotherTask_IsAnotherDatasetOfTheSameFiles()
    {
        var text = DatasetFixture.Csv(200, change: (i, f) => [$"{i % 3}", f[1], f[2], f[3]]);
        var (several, number) = (await fixture.BuildAsync(Several, fixture.Add("a.csv", text)), await fixture.BuildAsync(Number, fixture.Add("a.csv", text)));

        Assert.NotEqual(several.Manifest.Version, number.Manifest.Version);
        Assert.Equal(several.Read(DataSplit.Train).RowHashes, number.Read(DataSplit.Train).RowHashes);
    }

    private async Task<BuiltDataset> BuildAsync(string definition, int rows, Func<int, string> target) => await fixture.BuildAsync(
        definition, fixture.Add("a.csv", DatasetFixture.Csv(rows, change: (i, f) => [target(i), f[1], f[2], f[3]])));

    private async Task AssertRefusedAsync(string definition, int rows, Func<int, string> target, string reason, string remedy)
    {
        var refusal = Assert.Single((await BuildAsync(definition, rows, target)).Result.Refusals);

        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(remedy, refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal("Status", refusal.Column);
    }
}
