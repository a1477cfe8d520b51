using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

/// <summary>Cases that are alike since columns have few values, told from copies of one case.</summary>
public sealed class RepeatsTests
{
    [Theory]
    [InlineData(LearningTask.BinaryClassification, 0.3)]
    [InlineData(LearningTask.BinaryClassification, 0.03)]
    [InlineData(LearningTask.Regression, 0)]
    public void Find_FrequentCombinationsOfDifferentOutcomes_AreCasesThatAreAlike(LearningTask task, double rate)
    {
        var random = new Random(3);
        float Outcome() => task == LearningTask.Regression ? random.NextSingle() : random.NextDouble() < rate ? 1 : 0;

        var found = Find(Table(4_000, 12, task, _ => Outcome()), Table(1_000, 12, task, _ => Outcome()));

        Assert.Equal(new RepeatedRows(1_000, 0, 0, 0) { AlikeCases = 1_000 }, found);
    }

    [Fact]
    public void Find_FrequentCombinationsOfOneOutcomeEach_AreRepeats()
    {
        var found = Find(Table(1_000, 90, LearningTask.BinaryClassification, c => c % 3 == 0 ? 1 : 0), Table(90, 90, LearningTask.BinaryClassification, c => c % 3 == 0 ? 1 : 0));

        Assert.Equal(new RepeatedRows(90, 0, 90, 0), found);
    }

    [Fact]
    public void Find_MoreRowsThanCombinationsCouldBe_AreCasesHoweverFewAreOfOne()
    {
        var random = new Random(3);
        LabeledTable Some(int rows) => Table(rows, 110, LearningTask.BinaryClassification, _ => random.Next(2));

        var found = Repeats.Find(Some(800), Some(200), ["Code"]);

        Assert.Equal(new RepeatedRows(200, 0, 0, 0) { AlikeCases = 200 }, found);
    }

    [Fact]
    public void Find_CombinationsOfFewRows_AreRepeatsWhateverTheirOutcomes()
    {
        var random = new Random(3);
        var (train, heldOut) = (Table(1_000, 500, LearningTask.BinaryClassification, _ => random.Next(2)), Table(500, 500, LearningTask.BinaryClassification, _ => random.Next(2)));

        var found = Find(train, heldOut);

        Assert.Equal(0, found.AlikeCases);
        Assert.InRange(found.SameFeatures, 330, 420);
        Assert.InRange(found.OtherLabel, 330, 420);
    }

    [Fact]
    public void Find_TheSameValuesWithAnotherLabel_AreNotTheSameRow()
    {
        var train = Table(200, 200, LearningTask.BinaryClassification, c => c % 2);
        var heldOut = train.Take([.. Enumerable.Range(0, 50)]);

        Assert.Equal(new RepeatedRows(50, 50, 50, 0), Find(train, heldOut));
        Assert.Equal(new RepeatedRows(50, 0, 0, 50), Find(train, heldOut with { Labels = [.. heldOut.Labels.Select(l => 1 - l)] }));
    }

    private static RepeatedRows Find(LabeledTable train, LabeledTable heldOut) => Repeats.Find(train, heldOut, ["Code", "Also"]);

    /// <summary>Rows of as many combinations as said, in turn, of values that could make that number squared; each row has a hash of its own.</summary>
    private static LabeledTable Table(int rows, int values, LearningTask task, Func<int, float> label) => new(
        new FeatureTable(
            [new FeatureColumn("Code", ColumnKind.Number), new FeatureColumn("Also", ColumnKind.Category)],
            [Enumerable.Range(0, rows).Select(r => (float)(r % values)).ToArray(), Enumerable.Range(0, rows).Select(r => $"{r % values}").ToArray()],
            rows),
        [.. Enumerable.Range(0, rows).Select(r => label(r % values))],
        [.. Enumerable.Range(0, rows).Select(r => SplitMix64.Mix((ulong)r + (ulong)rows))],
        new Dictionary<string, string[]>())
    {
        Task = task,
    };
}
