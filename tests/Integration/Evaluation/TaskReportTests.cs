using System.Text.Json;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Evaluation;

/// <summary>What is found of real models of several classes and of a number. With CARD_FOLDER=folder their cards are kept there, to be looked at.</summary>
public sealed class TaskReportTests(ITestOutputHelper output)
{
    private const string Classes = "Home";
    private const string Number = "Amount";

    [Theory]
    [InlineData(LearningTask.MulticlassClassification)]
    [InlineData(LearningTask.Regression)]
    public void Importance_OfAnyTask_IsOfTheTrainingMetricAndTheSameEachTime(LearningTask task)
    {
        var (train, heldOut) = Split(task);
        var model = Fit(train, Definition(task), 40);
        using var session = new ModelSession(model.Onnx, model.Signature);

        var (report, again) = (Importance(session, model, heldOut, task), Importance(session, model, heldOut, task));

        output.WriteLine(JsonSerializer.Serialize(report, Platform.Json.Compact));
        Assert.Equal(JsonSerializer.Serialize(report), JsonSerializer.Serialize(again));
        Assert.Equal(MetricNames.For(task).Default, report.Metric);
        // What a home costs is in the price; who owns one is older, and not a lodger of the parents.
        Assert.Contains(report.Columns[0].Column, task == LearningTask.Regression ? ["Price"] : (string[])["Age", "Marital", "Assets", "Expenses"]);
        Assert.True(report.Columns[0].Loss > 3 * report.Columns[0].StandardError && report.Columns[0].Contribution > 0);
        Assert.InRange(report.AdditivityError, 0, task == LearningTask.Regression ? 1e-1 : 1e-4);
        Assert.All(report.Columns.SelectMany(c => c.Effects), e => Assert.Equal(task == LearningTask.Regression, e.Class is null));
    }

    [Theory]
    [InlineData(LearningTask.MulticlassClassification)]
    [InlineData(LearningTask.Regression)]
    public void Leakage_ACopyOfTheTarget_IsFoundOfAnyTask(LearningTask task)
    {
        var (train, heldOut) = Split(task);

        var (honest, leaking) = (LeakageCheck.Run(train, heldOut, "target", CancellationToken.None), LeakageCheck.Run(WithCopy(train), WithCopy(heldOut), "target", CancellationToken.None));

        Assert.DoesNotContain(honest.Findings, f => f.Kind == "single-feature");
        Assert.Equal("copy", Assert.Single(leaking.Findings, f => f.Kind == "single-feature").Column);
    }

    [Theory]
    [InlineData(LearningTask.MulticlassClassification)]
    [InlineData(LearningTask.Regression)]
    public async Task Card_OfARealModel_HoldsItsFigures(LearningTask task)
    {
        var card = Card(task);

        var (page, text) = (CardPage.Render(card), CardMarkdown.Render(card));

        Assert.Contains("Beside the champion, version 1", page, StringComparison.Ordinal);
        Assert.Contains("Marital", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 20_000, 200_000);
        if (Environment.GetEnvironmentVariable("CARD_FOLDER") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{task}.html"), page, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{task}.md"), text, TestContext.Current.CancellationToken);
        }
    }

    private static CardContent Card(LearningTask task)
    {
        var (train, heldOut) = Split(task);
        var definition = Definition(task);
        var (model, weak) = (Fit(train, definition, 40), Fit(train, definition, 5));
        using var session = new ModelSession(model.Onnx, model.Signature);
        using var older = new ModelSession(weak.Onnx, weak.Signature);
        var input = new EvaluationInput(
            task, model.Signature.Classes ?? [], session.Score(heldOut.Features, CancellationToken.None), heldOut.Labels, 0, 17, heldOut.Sensitive);
        var before = older.Score(heldOut.Features, CancellationToken.None);
        var trials = new TrialsReport(
            definition.Training.Metric, 17, 3, TrialSearch.Exhaustive, 0,
            [new TrialRecord(0, SearchSpace.At(17, 0), 1, [0.61, 0.63, 0.66], 40, 0.6333, 0.0252, TrialEnd.Finished, "saw all folds")]);
        var metrics = ModelEvaluator.Evaluate(input, CancellationToken.None).Report! with { Stability = FoldStability.Of(trials) };
        var champion = ModelEvaluator.Evaluate(input with { Scores = before }, CancellationToken.None).Report!;
        var parity = ParityCheck.Run(model, heldOut.Features, ParityCheck.DefaultTolerance, CancellationToken.None);
        var gate = PromotionGate.Decide(definition.Gates, metrics, champion, parity, null, PairedComparison.Of(input, before, 1, CancellationToken.None));
        var at = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
        return new CardContent(
            "sample", 2, new ModelLineage("train-sample-5f2c", "0123456789abcdef", "new data", definition, Best(40), at, SoftwareVersions.Current()), model.Signature, metrics, parity,
            new ModelDecision(DecisionOutcome.Deployed, gate, "ann", "looked into it", at), trials, null,
            FairnessEvaluation.Of(input, null, CancellationToken.None), LeakageCheck.Run(train, heldOut, definition.Target.Column, CancellationToken.None),
            Importance(session, model, heldOut, task));
    }

    private static ImportanceReport Importance(ModelSession session, TrainedModel model, LabeledTable heldOut, LearningTask task) =>
        ModelImportance.Of(session, model.Learner, heldOut, MetricNames.For(task).Default, 17, CancellationToken.None);

    private static TrialResult Best(int rounds) => new(0, SearchSpace.At(17, 0) with { LearningRate = 0.2 }, rounds, 0.63, 0.02);

    private static TrainedModel Fit(LabeledTable train, ModelDefinition definition, int rounds) => ModelTrainer.Fit(train, definition, [Best(rounds)], CancellationToken.None);

    private static ModelDefinition Definition(LearningTask task) => CreditData.Definition with
    {
        Task = task,
        Target = new TargetColumn(task == LearningTask.Regression ? Number : Classes, null),
        Training = TrainingPolicy.DefaultFor(task) with { Folds = 2 },
        Gates = new GatePolicy(
            new Dictionary<string, double> { [task == LearningTask.Regression ? MetricNames.R2 : MetricNames.Accuracy] = 0.5 },
            new ChampionGate(MetricNames.For(task).Default, 0.002)),
    };

    /// <summary>The sample's rows with another of its columns as the target: rows without it, and of rare classes, are left out.</summary>
    private static (LabeledTable Train, LabeledTable HeldOut) Split(LearningTask task)
    {
        var (all, name) = (CreditData.All, task == LearningTask.Regression ? Number : Classes);
        var column = all.Features.Columns.Select(c => c.Name).ToList().IndexOf(name);
        string[] classes = task == LearningTask.Regression ? [] : ["other", "owner", "parents", "priv", "rent"];
        var labels = task == LearningTask.Regression
            ? all.Features.Numbers(column)
            : Array.ConvertAll(all.Features.Categories(column), c => Array.IndexOf(classes, c) is >= 0 and var place ? place : float.NaN);
        int[] others = [.. Enumerable.Range(0, all.Features.Columns.Count).Where(c => c != column)];
        var table = all with
        {
            Features = new FeatureTable(
                [.. others.Select(c => all.Features.Columns[c])],
                [.. others.Select(c => all.Features.Columns[c].Kind == ColumnKind.Category ? (Array)all.Features.Categories(c) : all.Features.Numbers(c))], all.RowCount),
            Labels = labels,
            Task = task,
            Classes = classes,
        };
        return (Part(r => table.RowHashes[r] % 5 != 0), Part(r => table.RowHashes[r] % 5 == 0));

        LabeledTable Part(Func<int, bool> rows) => table.Take([.. Enumerable.Range(0, table.RowCount).Where(r => rows(r) && !float.IsNaN(labels[r]))]);
    }

    private static LabeledTable WithCopy(LabeledTable table) => table with
    {
        Features = new FeatureTable(
            [.. table.Features.Columns, new FeatureColumn("copy", ColumnKind.Number)],
            [
                .. table.Features.Columns.Select((c, i) => c.Kind == ColumnKind.Category ? (Array)table.Features.Categories(i) : table.Features.Numbers(i)),
                table.Labels,
            ],
            table.RowCount),
    };
}
