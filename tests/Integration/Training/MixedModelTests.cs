using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

/// <summary>Models that are the weighted mean of trees and of a linear model.</summary>
public sealed class MixedModelTests(ITestOutputHelper output)
{
    private static readonly Dictionary<LearningTask, Lazy<Trained>> Kept = Enum.GetValues<LearningTask>().ToDictionary(task => task, task => new Lazy<Trained>(() => Train(task)));

    public static TheoryData<LearningTask> Tasks => [LearningTask.BinaryClassification, LearningTask.MulticlassClassification, LearningTask.Regression];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Choose_BothHelp_IsTheMeanOfBothInMargins(LearningTask task)
    {
        var (rows, definition, trials, baseline, chosen) = Kept[task].Value;
        Assert.Equal(LearnerKind.Mixed, chosen.Model.Signature.Learner);
        var share = Assert.NotNull(chosen.LinearShare);
        Assert.InRange(share, 0.1, 0.9);

        var (trees, linear) = (ModelTrainer.Fit(rows, definition, trials, CancellationToken.None), ModelTrainer.Fit(rows, definition, baseline, CancellationToken.None));

        var (mixed, ofTrees, ofLinear) = (Margins(chosen.Model), Margins(trees), Margins(linear));
        var scale = task == LearningTask.Regression ? mixed.Average(Math.Abs) : 1;
        Assert.All(Enumerable.Range(0, mixed.Length), place => Assert.Equal(
            ((1 - share) * ofTrees[place]) + (share * ofLinear[place]), mixed[place], 1e-4 * scale));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Choose_BothHelp_IsBetterThanEitherOverTheFolds(LearningTask task)
    {
        var (rows, definition, trials, baseline, chosen) = Kept[task].Value;
        var sign = MetricNames.IsHigherBetter(definition.Training.Metric) ? 1 : -1;

        var alone = ModelTrainer.Choose(rows, definition with { Training = definition.Training with { Blend = 1 } }, trials, baseline, CancellationToken.None);

        output.WriteLine($"{chosen.Choice?.Reason} Trees alone: {alone.FoldScores!.Average():G5}");
        Assert.Equal((LearnerKind.Trees, null), (alone.Model.Signature.Learner, alone.LinearShare));
        Assert.True(sign * (chosen.FoldScores!.Average() - alone.FoldScores!.Average()) > 0, $"{chosen.FoldScores!.Average()} is not better than {alone.FoldScores!.Average()}");
        Assert.True(sign * (chosen.FoldScores!.Average() - baseline.FoldScores.Average()) > 0, $"{chosen.FoldScores!.Average()} is not better than {baseline.FoldScores.Average()}");
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Choose_BothHelp_IsExportedExplainedAndSavedAsOneModel(LearningTask task)
    {
        var (model, features) = (Kept[task].Value.Chosen.Model, CreditData.HeldOut.Features);

        var parity = ParityCheck.Run(model, features, ParityCheck.DefaultTolerance, CancellationToken.None);
        Assert.True(parity.Passed, $"{parity}");

        var contributions = ModelContributions.Of(model.Learner, model.Signature, features, CancellationToken.None);
        var (margins, width, columns) = (Margins(model), model.Signature.Width, model.Signature.Columns.Count);
        var tolerance = 1e-4 * (task == LearningTask.Regression ? margins.Average(Math.Abs) : 1);
        Assert.InRange(contributions.AdditivityError, 0, tolerance);
        var starts = Enumerable.Range(0, features.RowCount).Select(row => margins[row * width] - Enumerable.Range(0, columns).Sum(c => (double)contributions[row, c, 0]));
        Assert.All(starts, start => Assert.Equal(contributions.ExpectedMargin, start, tolerance));

        var (used, trees) = ModelContributions.SplitsOf(model.Learner, model.Signature);
        Assert.NotEmpty(used);
        Assert.True(trees > 0);
        var missing = Assert.Throws<InvalidDataException>(() => ModelContributions.Of(model.Learner with { Linear = null }, model.Signature, features, CancellationToken.None));
        Assert.Contains("of the linear one there is no file", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Contributions_OfALinearModel_AreHeldAgainstTheUsualRow(LearningTask task)
    {
        var (rows, definition, _, baseline, _) = Kept[task].Value;
        var model = ModelTrainer.Fit(rows, definition, baseline, CancellationToken.None);

        var contributions = ModelContributions.Of(model.Learner, model.Signature, rows.Features, CancellationToken.None);

        var (width, scale) = (model.Signature.Width, task == LearningTask.Regression ? rows.Labels.Average(Math.Abs) : 1);
        Assert.InRange(contributions.AdditivityError, 0, 1e-4 * scale);
        foreach (var (column, margin) in from column in Enumerable.Range(0, model.Signature.Columns.Count) from margin in Enumerable.Range(0, width) select (column, margin))
        {
            double[] added = [.. Enumerable.Range(0, rows.RowCount).Select(row => (double)contributions[row, column, margin])];
            if (model.Signature.Columns[column] is { Kind: ColumnKind.Number, Typical.Median: var usual })
            {
                // What is above the usual speaks one way, what is below it the other.
                var numbers = rows.Features.Numbers(column);
                var ways = numbers.Zip(added).Where(v => !float.IsNaN(v.First) && v.First != usual).Select(v => Math.Sign((v.First - usual) * v.Second)).Distinct();
                Assert.Single(ways);
                Assert.All(numbers.Zip(added).Where(v => v.First == usual), v => Assert.Equal(0, v.Second, 1e-4 * scale));
            }
            else
            {
                Assert.Equal(0, added.Average(), 1e-4 * scale);
            }
        }
    }

    [Fact]
    public void Choose_SameInput_GivesTheSameBytes()
    {
        var (rows, definition, trials, baseline, chosen) = Kept[LearningTask.MulticlassClassification].Value;

        var again = ModelTrainer.Choose(rows, definition, trials, baseline, CancellationToken.None);

        Assert.Equal(chosen.Model.Onnx, again.Model.Onnx);
        Assert.Equal(chosen.Model.Learner.Booster, again.Model.Learner.Booster);
        Assert.Equal(chosen.Model.Learner.Linear, again.Model.Learner.Linear);
    }

    private static float[] Margins(TrainedModel model)
    {
        using var learner = Learner.Load(model.Learner, model.Signature);
        var encoding = LearnerEncoding.Of(model.Signature);
        return learner.Margins(encoding, encoding.Encode(CreditData.HeldOut.Features));
    }

    private static Trained Train(LearningTask task)
    {
        var train = CreditData.Train;
        var amounts = train.Features.Numbers(train.Features.Columns.Select(c => c.Name).ToList().IndexOf("Amount"));
        var rows = task switch
        {
            LearningTask.Regression => train with { Task = task, Classes = [], Labels = amounts, Features = Without(train.Features, "Amount") },
            LearningTask.MulticlassClassification => train with
            {
                Task = task,
                Classes = ["low", "high", "middle"],
                Labels = Array.ConvertAll(amounts, a => a < 700 ? 0f : a > 1_300 ? 1f : 2f),
                Features = Without(train.Features, "Amount"),
            },
            _ => train,
        };
        var definition = CreditData.Definition with { Task = task, Training = TrainingPolicy.DefaultFor(task) with { Folds = 3 } };
        var trial = TrialRunner.Run(rows, SearchSpace.At(17, 0), definition.Training, 0, 3, CancellationToken.None)!.Result;
        var baseline = BaselineRunner.Run(rows, definition.Training, CancellationToken.None);
        return new Trained(rows, definition, [trial], baseline, ModelTrainer.Choose(rows, definition, [trial], baseline, CancellationToken.None));
    }

    private static FeatureTable Without(FeatureTable table, string name)
    {
        int[] kept = [.. table.Columns.Index().Where(c => c.Item.Name != name).Select(c => c.Index)];
        return new FeatureTable(
            [.. kept.Select(c => table.Columns[c])], [.. kept.Select(c => table.Columns[c].Kind.IsNumeric() ? (Array)table.Numbers(c) : table.Categories(c))], table.RowCount);
    }

    private sealed record Trained(LabeledTable Rows, ModelDefinition Definition, IReadOnlyList<TrialResult> Trials, BaselineResult Baseline, ChosenModel Chosen);
}
