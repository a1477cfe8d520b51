using System.Text.Json;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Evaluation;

public sealed class ImportanceTests(ITestOutputHelper output)
{
    private readonly TrainingRun run = TrainingRun.Shared;

    [Fact]
    public void Contributions_OfEachRow_AddUpToTheLogOddsOfTheGraphsScore()
    {
        var rows = CreditData.HeldOut.Features;
        using var session = new ModelSession(run.Model.Onnx, run.Model.Signature);
        var scores = session.Score(rows, CancellationToken.None);

        var contributions = ModelContributions.Of(run.Model.Learner, run.Model.Signature, rows, CancellationToken.None);

        Assert.InRange(contributions.AdditivityError, 0, 1e-4);
        for (var row = 0; row < rows.RowCount; row++)
        {
            var sum = contributions.ExpectedMargin + Enumerable.Range(0, run.Model.Signature.Columns.Count).Sum(c => (double)contributions[row, c]);
            Assert.InRange(Math.Abs(scores[row] - (1 / (1 + Math.Exp(-sum)))), 0, ParityCheck.DefaultTolerance);
        }
    }

    [Fact]
    public void Importance_OfCreditData_PutsWhatMattersFirstAndIsTheSameEachTime()
    {
        var report = Importance(CreditData.HeldOut);

        output.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
        Assert.Equal(CreditData.All.Features.Columns.Select(c => c.Name).Order(), report.Columns.Select(c => c.Column).Order());
        // The columns that published work on this data finds strongest.
        string[] strong = ["Seniority", "Records", "Job", "Income", "Amount", "Price", "Assets", "Expenses"];
        Assert.All(report.Columns.Take(4), c => Assert.Contains(c.Column, strong));
        Assert.True(report.Columns[0].Loss > 0.01 && report.Columns[0].StandardError > 0);
        Assert.InRange(report.Repeats, 1, PermutationImportance.MostRepeats);
        var records = report.Columns.Single(c => c.Column == "Records").Effects.ToDictionary(e => e.Values, e => e.Contribution);
        Assert.True(records["yes"] > 0.3 && records["no"] < 0);
        Assert.Equal(JsonSerializer.Serialize(report), JsonSerializer.Serialize(Importance(CreditData.HeldOut)));
    }

    [Fact]
    public void Importance_OfAColumnTheModelDoesNotUse_IsNothing()
    {
        var constant = WithConstant(CreditData.Train);
        var model = ModelTrainer.Fit(constant, CreditData.Definition, [run.Best], CancellationToken.None);
        using var session = new ModelSession(model.Onnx, model.Signature);

        var unused = ModelImportance.Of(session, model.Learner, WithConstant(CreditData.HeldOut), MetricNames.RocAuc, 1, CancellationToken.None)
            .Columns.Single(c => c.Column == "Constant");

        Assert.Equal((0.0, 0.0, 0.0), (unused.Loss, unused.StandardError, unused.Contribution));
    }

    [Fact]
    public void Importance_OfAModelThatIsCalibratedByALine_IsOfTheLogOddsAfterIt()
    {
        var definition = CreditData.Definition with { Training = CreditData.Definition.Training with { Calibration = CalibrationChoice.Platt } };
        var model = ModelTrainer.Fit(CreditData.Train, definition, [run.Best with { Rounds = 20 }], CancellationToken.None);
        var line = model.Signature.Calibration!;
        var few = CreditData.HeldOut.Sample(ModelImportance.MostExplained);
        using var session = new ModelSession(model.Onnx, model.Signature);

        var report = ModelImportance.Of(session, model.Learner, few, MetricNames.RocAuc, 1, CancellationToken.None);

        var margins = ModelContributions.Of(model.Learner, model.Signature, few.Features, CancellationToken.None);
        Assert.NotInRange(line.Slope, 0.999f, 1.001f);
        Assert.Equal(line.Intercept + (line.Slope * margins.ExpectedMargin), report.ExpectedMargin, 5);
        foreach (var (place, column) in model.Signature.Columns.Index())
        {
            var mean = Enumerable.Range(0, few.RowCount).Average(row => Math.Abs(margins[row, place]));
            Assert.Equal(line.Slope * mean, report.Columns.Single(c => c.Column == column.Name).Contribution, 5);
        }
    }

    [Fact]
    public void Importance_OfATextOrOfOneBandOfNumbers_NamesWordsOrNothing()
    {
        var table = CreditData.All;
        string[] notes = [.. table.Labels.Select((label, row) => label == 1 && row % 3 > 0 ? $"paid late {row}" : row % 2 == 0 ? $"no remark {row}" : $"called {row}")];
        var columns = table.Features.Columns;
        var values = columns.Select((c, i) => c.Kind == ColumnKind.Number ? (Array)table.Features.Numbers(i) : table.Features.Categories(i));
        var texts = table with { Features = new FeatureTable([.. columns, new FeatureColumn("Note", ColumnKind.Text)], [.. values, notes], table.RowCount) };
        var model = ModelTrainer.Fit(texts.Take([.. Enumerable.Range(0, 2_000)]), CreditData.Definition, [run.Best with { Rounds = 30 }], CancellationToken.None);
        using var session = new ModelSession(model.Onnx, model.Signature);

        var report = ModelImportance.Of(
            session, model.Learner, texts.Take([.. Enumerable.Range(3_000, 30)]), MetricNames.RocAuc, 1, CancellationToken.None);
        var many = ModelImportance.Of(session, model.Learner, texts.Take([.. Enumerable.Range(3_000, 300)]), MetricNames.RocAuc, 1, CancellationToken.None);

        var effect = many.Columns.Single(c => c.Column == "Note").Effects[0];
        Assert.Equal("has 'late'", effect.Values);
        Assert.True(effect.Contribution > 0.3);
        // Of thirty rows there is one band of numbers, which raises and lowers nothing.
        Assert.Empty(report.Columns.Single(c => c.Column == "Price").Effects);
    }

    [Fact]
    public void StandardErrors_AreWhatLossesDeviateByBetweenSetsOfRows()
    {
        // Twenty sets of rows that share none, each of some 222: what a column's loss differs by between them is what its standard error stands for.
        var all = CreditData.All;
        var reports = Enumerable.Range(0, 20)
            .Select(part => Importance(all.Take([.. Enumerable.Range(0, all.RowCount).Where(r => r % 20 == part)])).Columns.ToDictionary(c => c.Column)).ToList();

        string[] strong = [.. reports[0].Values.OrderByDescending(c => c.Loss).Take(6).Select(c => c.Column)];
        double[] ratios = [.. strong.Select(name => reports.Average(r => r[name].StandardError) / SampleMean.DeviationOf([.. reports.Select(r => r[name].Loss)]))];

        output.WriteLine(string.Join("; ", strong.Zip(ratios, (name, ratio) => $"{name} {ratio:0.00}")));
        // The deviation of twenty values is itself uncertain by a sixth.
        Assert.All(ratios, ratio => Assert.InRange(ratio, 0.5, 2));
        Assert.InRange(ratios.Average(), 0.75, 1.33);
    }

    [Theory]
    [InlineData(700, 13, 200, 700, 10)]
    [InlineData(700, 13, 1_000, 700, 2)]
    [InlineData(700, 13, 10_000, 700, 1)]
    [InlineData(100_000, 13, 200, 5_000, 1)]
    [InlineData(100_000, 60, 200, 1_666, 1)]
    [InlineData(100_000, 60, 5_000, 1_000, 1)]
    [InlineData(100_000, 2_000, 200, 1_000, 1)]
    [InlineData(100_000, 13, 0, 5_000, 10)]
    public void PlanFor_MoreColumnsOrTrees_TakesFewerRepeatsAndThenRows(int rows, int columns, int trees, int taken, int repeats) =>
        Assert.Equal((taken, repeats), PermutationImportance.PlanFor(rows, columns, trees));

    private ImportanceReport Importance(LabeledTable rows)
    {
        using var session = new ModelSession(run.Model.Onnx, run.Model.Signature);
        return ModelImportance.Of(session, run.Model.Learner, rows, MetricNames.RocAuc, 17, CancellationToken.None);
    }

    private static LabeledTable WithConstant(LabeledTable table)
    {
        var columns = table.Features.Columns;
        var values = columns.Select((c, i) => c.Kind == ColumnKind.Number ? (Array)table.Features.Numbers(i) : table.Features.Categories(i));
        return table with
        {
            Features = new FeatureTable(
                [.. columns, new FeatureColumn("Constant", ColumnKind.Number)], [.. values, new float[table.RowCount]], table.RowCount),
        };
    }
}
