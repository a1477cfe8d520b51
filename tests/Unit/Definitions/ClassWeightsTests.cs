using System.Text.Json;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Definitions;

public sealed class ClassWeightsTests
{
    [Fact]
    public void For_BalancedSeveralClasses_CountEachClassTheSame()
    {
        // Of the third class there is no row, as may be in a fold.
        var rows = Rows(0, 0, 0, 1);

        Assert.Equal([2 / 3f, 2 / 3f, 2 / 3f, 2f], ClassWeights.Balanced.For(rows));
    }

    [Fact]
    public void For_NamedClasses_CountsTheOthersOnce() =>
        Assert.Equal([1f, 5f, 1f], new ClassWeights { ByClass = new Dictionary<string, double> { ["b"] = 5 } }.For(Rows(0, 1, 2)));

    [Fact]
    public void Equals_SameWeightsReadTwice_AreEqualInAnyOrder()
    {
        var weights = Named(("a", 2), ("b", 5));

        Assert.Equal(weights, JsonSerializer.Deserialize<ClassWeights>(JsonSerializer.Serialize(weights)));
        Assert.Equal(weights.GetHashCode(), Named(("b", 5), ("a", 2)).GetHashCode());
        Assert.Equal(weights, Named(("b", 5), ("a", 2)));
        Assert.NotEqual(weights, Named(("a", 2), ("b", 6)));
        Assert.NotEqual(weights, Named(("a", 2), ("c", 5)));
        Assert.NotEqual(weights, Named(("a", 2)));
        Assert.NotEqual(weights, ClassWeights.Balanced);
        Assert.NotEqual(ClassWeights.Balanced, weights);
    }

    [Fact]
    public void Check_ClassThatTheTargetLacks_IsRefusedWithTheNearest()
    {
        var refusal = TrainingRequirements.Check(
            Rows(0, 1) with { Classes = ["single", "married"] }, new ClassWeights { ByClass = new Dictionary<string, double> { ["maried"] = 5 } });

        Assert.Contains("'maried'", refusal?.Reason, StringComparison.Ordinal);
        Assert.Contains("'married'", refusal?.Remedy, StringComparison.Ordinal);
    }

    private static ClassWeights Named(params (string Class, double Weight)[] weights) => new() { ByClass = weights.ToDictionary(w => w.Class, w => w.Weight) };

    private static LabeledTable Rows(params float[] labels) => new(
        new FeatureTable([], [], labels.Length), labels, new ulong[labels.Length], new Dictionary<string, string[]>())
    {
        Task = LearningTask.MulticlassClassification,
        Classes = ["a", "b", "c"],
    };
}
