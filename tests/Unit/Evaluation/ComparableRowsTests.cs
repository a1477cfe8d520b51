using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class ComparableRowsTests
{
    private const string Dataset = "0011223344556677";

    [Fact]
    public void Of_NothingLearned_IsAllRows()
    {
        var rows = Rows(50, i => i % 2);

        var compared = ComparableRows.Of(rows, new bool[50], Dataset, 3);

        Assert.Equal((rows, null, null), (compared.Rows, compared.LeftOut, compared.Shortage));
    }

    [Fact]
    public void Of_SomeLearned_IsTheRestAndSaysWhy()
    {
        var compared = ComparableRows.Of(Rows(300, i => i % 2), [.. Enumerable.Range(0, 300).Select(i => i < 200)], Dataset, 3);

        Assert.Equal(Enumerable.Range(200, 100).Select(i => (float)i), compared.Rows.Features.Numbers(0));
        Assert.Equal(200, compared.LeftOut?.Rows);
        Assert.StartsWith("200 of 300 held-out rows are left out for both: in the target and the 3 features", compared.LeftOut?.Reason, StringComparison.Ordinal);
        Assert.Contains(Dataset, compared.LeftOut?.Reason, StringComparison.Ordinal);
        Assert.Null(compared.Shortage);
    }

    [Fact]
    public void Of_TooFewLeft_IsAShortage() => Assert.EndsWith(
        "That leaves 99 to compare on; at least 100 are needed.",
        ComparableRows.Of(Rows(300, i => i % 2), [.. Enumerable.Range(0, 300).Select(i => i < 201)], Dataset, 3).Shortage, StringComparison.Ordinal);

    [Fact]
    public void Of_AClassLeftOutWhole_IsAShortage() => Assert.EndsWith(
        "The 150 that remain to compare on lack one of the target's classes.",
        ComparableRows.Of(Rows(300, i => i % 2), [.. Enumerable.Range(0, 300).Select(i => i % 2 == 1)], Dataset, 3).Shortage, StringComparison.Ordinal);

    private static LabeledTable Rows(int count, Func<int, int> label) => new(
        new FeatureTable([new FeatureColumn("x", ColumnKind.Number)], [Enumerable.Range(0, count).Select(i => (float)i).ToArray()], count),
        [.. Enumerable.Range(0, count).Select(i => (float)label(i))],
        [.. Enumerable.Range(0, count).Select(i => (ulong)i)],
        new Dictionary<string, string[]>())
    {
        Task = LearningTask.BinaryClassification,
    };
}
