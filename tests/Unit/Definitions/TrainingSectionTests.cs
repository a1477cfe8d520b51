using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Definitions;

public sealed class TrainingSectionTests
{
    private const string Least = """
        model: credit-risk
        task: binary-classification
        target: { column: Status, positive: bad }

        """;

    [Fact]
    public void Parse_Cost_IsKeptAndHasNoDefault()
    {
        Assert.Equal(new CostPolicy(1, 7.5), Accepted(Least + "training: { cost: { false-positive: 1, false-negative: 7.5 } }").Training.Cost);
        Assert.Null(Accepted(Least).Training.Cost);
    }

    [Theory]
    [InlineData("maximum")]
    [InlineData("minimum")]
    public void Parse_BoundOfACostThatNobodyStated_IsRefusedWithItsLine(string way)
    {
        var refusal = Assert.Single(Refusals($"{Least}gates:\n  {way}:\n    brier: 0.2\n    cost-per-row: 0.5\n"));

        Assert.Equal((7L, "gates bound cost-per-row, which is not measured unless the definition says what errors cost."), (refusal.Line, refusal.Reason));
        Assert.Contains("'training'", refusal.Remedy, StringComparison.Ordinal);
        Accepted($"{Least}training: {{ cost: {{ false-positive: 1, false-negative: 7.5 }} }}\ngates: {{ {way}: {{ cost-per-row: 0.5 }} }}");
    }

    [Fact]
    public void Parse_KeysWithoutValues_AreAsIfLeftOut() => Assert.Equal(TrainingPolicy.Default, Accepted(Least + "training:\nignore: ~\n").Training);

    [Fact]
    public void Parse_WeightsAndCalibration_AreTaken()
    {
        var training = Accepted(Least + "training: { weights: { positive: 5 }, calibration: isotonic }").Training;

        Assert.Equal((new ClassWeights(5, 1), CalibrationChoice.Isotonic), (training.Weights, training.Calibration));
        Assert.Equal(ClassWeights.Balanced, Accepted(Least + "training: { weights: balanced }").Training.Weights);
        Assert.Null(Accepted(Least + "training: { weights: none }").Training.Weights);
    }

    [Fact]
    public void Parse_WeightsAndCalibrationOfSeveralClasses_AreTaken()
    {
        const string several = "model: credit-risk\ntask: multiclass-classification\ntarget: { column: Kind }\n";

        var training = Accepted($"{several}training: {{ weights: {{ rare one: 5, 1.0: 2 }}, calibration: temperature }}").Training;

        Assert.Equal([("rare one", 5.0), ("1", 2.0)], training.Weights?.ByClass?.Select(w => (w.Key, w.Value)));
        Assert.Equal((CalibrationChoice.Temperature, null), (training.Calibration, training.Cost));
        Assert.Equal(ClassWeights.Balanced, Accepted($"{several}training: {{ weights: balanced }}").Training.Weights);
        Assert.Contains(
            "training.weights.rare one is '-1'", Assert.Single(Refusals($"{several}training: {{ weights: {{ rare one: -1 }} }}")).Reason, StringComparison.Ordinal);
        Assert.Contains("training.calibration is 'platt'", Assert.Single(Refusals($"{several}training: {{ calibration: platt }}")).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weights: balanced", "training.weights is given, but the task is regression; it is for binary-classification and multiclass-classification.")]
    [InlineData("calibration: auto", "training.calibration is given, but the task is regression")]
    [InlineData("cost: { false-positive: 1, false-negative: 5 }", "training.cost is given, but the task is regression; it is for binary-classification.")]
    public void Parse_TrainingOfAnotherTask_IsRefused(string key, string reason) => Assert.StartsWith(
        reason, Assert.Single(Refusals($"model: credit-risk\ntask: regression\ntarget: {{ column: Price }}\ntraining: {{ {key} }}")).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("training: { weights: heavy }", "training.weights is 'heavy'")]
    [InlineData("training: { weights: { positive: 0 } }", "training.weights.positive is '0'")]
    [InlineData("training: { weights: { positiv: 2 } }", "Unknown key 'positiv'")]
    [InlineData("training: { calibration: beta }", "training.calibration is 'beta'")]
    [InlineData("training: { folds: 1 }", "training.folds is '1'")]
    [InlineData("training: { search: grid }", "training.search is 'grid'")]
    public void Parse_TrainingThatCannotBe_IsRefusedWithTheReason(string section, string reason) =>
        Assert.Contains(DefinitionParser.Parse(Least + section, "credit-risk").Refusals, r => r.Reason.Contains(reason, StringComparison.Ordinal));

    private static IReadOnlyList<Refusal> Refusals(string text) => DefinitionParser.Parse(text, "credit-risk").Refusals;

    private static ModelDefinition Accepted(string text)
    {
        var result = DefinitionParser.Parse(text, "credit-risk");
        Assert.Empty(result.Refusals);
        return Assert.IsType<ModelDefinition>(result.Definition);
    }
}
