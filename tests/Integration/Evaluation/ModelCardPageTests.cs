using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Evaluation;

/// <summary>The card of a real model. With CARD_FOLDER=folder it is kept there, to be looked at.</summary>
public sealed class ModelCardPageTests
{
    private readonly TrainingRun run = TrainingRun.Shared;

    [Fact]
    public async Task Card_OfARealModel_IsOnePageAndOneText()
    {
        var card = Card();

        var (page, text) = (CardPage.Render(card), CardMarkdown.Render(card));

        Assert.Contains("Beside the champion, version 1", page, StringComparison.Ordinal);
        Assert.Contains("Seniority", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 20_000, 200_000);
        if (Environment.GetEnvironmentVariable("CARD_FOLDER") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "card.html"), page, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "card.md"), text, TestContext.Current.CancellationToken);
        }
    }

    private CardContent Card()
    {
        var (train, rows) = (CreditData.Train, CreditData.HeldOut);
        var definition = CreditData.Definition with { Training = CreditData.Definition.Training with { Cost = new CostPolicy(1, 5) } };
        var weak = ModelTrainer.Fit(train, definition, [run.Best with { Rounds = 5 }], CancellationToken.None);
        using var session = new ModelSession(run.Model.Onnx, run.Model.Signature);
        using var older = new ModelSession(weak.Onnx, weak.Signature);
        var (scores, before) = (session.Score(rows.Features, CancellationToken.None), older.Score(rows.Features, CancellationToken.None));
        var (input, champion) = (Input(scores, session.Signature.Threshold), Evaluate(Input(before, older.Signature.Threshold)));
        var trials = Trials();
        var metrics = Evaluate(input) with { Stability = FoldStability.Of(trials) };
        var comparison = PairedComparison.Of(input, before, 1, CancellationToken.None);
        var parity = ParityCheck.Run(run.Model, rows.Features, ParityCheck.DefaultTolerance, CancellationToken.None);
        var gate = PromotionGate.Decide(definition.Gates, metrics, champion, parity, null, comparison);
        var at = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
        return new CardContent(
            "credit-risk", 2, new ModelLineage("train-credit-risk-5f2c", "0123456789abcdef", "new data", definition, run.Best, at, SoftwareVersions.Current()), run.Model.Signature, metrics, parity,
            new ModelDecision(DecisionOutcome.Deployed, gate, "ann", "looked into it", at),
            trials,
            new DatasetManifest(
                "0123456789abcdef", 1, "credit-risk", "f", [new DatasetSource("credit-risk/credit_data.csv", new string('a', 64), train.RowCount + rows.RowCount, 0)], train.Features.Columns,
                new DatasetTarget("Status", "bad", "good", 1_254, 3_200), [], [new ExcludedColumn("applicant_id", "ignored by the definition")], train.RowCount + rows.RowCount, 0,
                [Split(DataSplit.Train, train), Split(DataSplit.HeldOut, rows)]),
            FairnessEvaluation.Of(input, "bad", CancellationToken.None),
            LeakageCheck.Run(train, rows, "Status", CancellationToken.None),
            ModelImportance.Of(session, run.Model.Learner, rows, MetricNames.RocAuc, 17, CancellationToken.None));

        EvaluationInput Input(float[] of, double threshold) => new(rows.Task, [], of, rows.Labels, threshold, 17, rows.Sensitive, definition.Training.Cost);

        static EvaluationReport Evaluate(EvaluationInput input) => ModelEvaluator.Evaluate(input, CancellationToken.None).Report!;
    }

    private TrialsReport Trials() => new(
        MetricNames.RocAuc, 17, TrainingPolicy.UsualFolds, TrialSearch.Exhaustive, run.Best.Trial,
        [.. run.Trials.Select(t => new TrialRecord(
            t.Trial, t.Parameters, 1, [t.Score - t.StandardDeviation, t.Score + t.StandardDeviation], t.Rounds, t.Score, t.StandardDeviation,
            TrialEnd.Finished, "saw all folds"))]);

    private static SplitCounts Split(DataSplit split, LabeledTable table) => new(split, table.RowCount, table.Labels.Count(l => l == 1));
}
