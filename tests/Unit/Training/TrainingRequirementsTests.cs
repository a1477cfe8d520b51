using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class TrainingRequirementsTests
{
    [Theory]
    [InlineData(20, 20, true)]
    [InlineData(19, 200, false)]
    [InlineData(200, 0, false)]
    public void Check_RowsPerClass_RefusesTooFew(int positives, int negatives, bool met)
    {
        var refusal = TrainingRequirements.Check(Table(positives, negatives, [new FeatureColumn("x", ColumnKind.Number)]), "Status");

        Assert.Equal(met, refusal is null);
        if (!met) Assert.Contains($"{positives} positive and {negatives} negative", refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NoFeatures_Refuses() => Assert.Contains("no column to learn from", TrainingRequirements.Check(Table(50, 50, []), "Status")!.Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(200_000_000, true)]
    [InlineData(20_000, true)]
    [InlineData(10_000, false)]
    public void CheckMemory_RowsTimesFeatures_IsRefusedBeyondMostOfWhatThereIs(long available, bool met)
    {
        // 100 rows of 1 feature take 12.5 kB by the estimate.
        var refusal = TrainingRequirements.CheckMemory(Table(50, 50, [new FeatureColumn("x", ColumnKind.Number)]), available);

        Assert.Equal(met, refusal is null);
        if (!met) Assert.StartsWith("To train on 100 rows of 1 feature takes about 0.01 MB of memory; expected at most 80% of the 0.01 MB", refusal!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 20, true)]
    [InlineData(200, 19, false)]
    public void Check_SeveralClasses_WantsTwoOfEnoughRows(int first, int second, bool met)
    {
        var table = Table(first, second, [new FeatureColumn("x", ColumnKind.Number)]) with { Task = LearningTask.MulticlassClassification, Classes = ["a", "b", "c"] };

        Assert.Equal(met, TrainingRequirements.Check(table, "Status") is null);
    }

    [Theory]
    [InlineData(20, 20, true)]
    [InlineData(20, 19, false)]
    [InlineData(50, 0, false)]
    public void Check_NumbersToPredict_WantsRowsAndTwoValues(int first, int second, bool met)
    {
        var table = Table(first, second, [new FeatureColumn("x", ColumnKind.Number)]) with { Task = LearningTask.Regression };

        Assert.Equal(met, TrainingRequirements.Check(table, "Status") is null);
    }

    private static LabeledTable Table(int positives, int negatives, FeatureColumn[] columns)
    {
        var rows = positives + negatives;
        return new LabeledTable(
            new FeatureTable(columns, [.. columns.Select(_ => new float[rows])], rows),
            [.. Enumerable.Range(0, rows).Select(r => r < positives ? 1f : 0f)],
            new ulong[rows],
            new Dictionary<string, string[]>());
    }
}
