using System.Text.RegularExpressions;
using System.Xml.Linq;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Deployment;

/// <summary>Cards of each task, of documents that a version would have.</summary>
internal static class TestCards
{
    /// <summary>A card in which every text that comes from a user's file or request is <paramref name="text"/>.</summary>
    public static CardContent Binary(string text)
    {
        var random = new Random(3);
        float[] scores = [.. Enumerable.Range(0, 300).Select(_ => random.NextSingle())];
        float[] labels = [.. scores.Select(s => random.NextSingle() < s ? 1f : 0f)];
        var sensitive = new Dictionary<string, string[]> { [text] = [.. scores.Select((_, i) => i < 10 ? "rare" : i % 2 == 0 ? text : "other")] };
        var input = new EvaluationInput(LearningTask.BinaryClassification, [], scores, labels, 0.5, 1, sensitive, new CostPolicy(1, 5));
        var metrics = ModelEvaluator.Evaluate(input, CancellationToken.None).Report!;
        var comparison = PairedComparison.Of(input, [.. scores.Select(s => s / 2)], 4, CancellationToken.None);
        var parity = new ParityReport(300, 1e-7, 1e-5, true);
        var definition = new ModelDefinition(
            "credit-risk", LearningTask.BinaryClassification, new TargetColumn(text, text), [], [text], TrainingPolicy.Default,
            new GatePolicy(new Dictionary<string, double> { ["roc-auc"] = 0.6 }, new ChampionGate("roc-auc", 0.002)),
            DeploymentPolicy.Default, RetrainingPolicy.Default);
        var gate = PromotionGate.Decide(definition.Gates, metrics, metrics, parity, null, comparison);
        var at = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
        var trial = new TrialResult(2, SearchSpace.At(17, 2), 80, 0.84, 0.01, 0.5);
        return new CardContent(
            "credit-risk", 5,
            new ModelLineage("run-7", "0123456789abcdef", text, definition, trial, at, new SoftwareVersions("1.0.0+abc", "10.0.0", "1.7.4", "1.29.0")),
            new ModelSignature("credit-risk", LearningTask.BinaryClassification, definition.Target, [new SignatureColumn(text, text, ColumnKind.Category, [text, ""])], 0.5, "score"),
            metrics, parity,
            new ModelDecision(DecisionOutcome.Deployed, gate, text == ModelCardTests.Hostile ? text : "ann", text, at),
            new TrialsReport("roc-auc", 17, 5, TrialSearch.Halving, 2,
            [
                new TrialRecord(1, SearchSpace.At(17, 1), 1, [0.8], 40, 0.8, 0, TrialEnd.Beaten, text),
                new TrialRecord(2, SearchSpace.At(17, 2), 3, [0.81, 0.83, 0.86], 80, 0.8333, 0.0252, TrialEnd.Finished, text),
            ]),
            new DatasetManifest(
                "0123456789abcdef", 1, "credit-risk", "f", [new DatasetSource(text, "ab12", 1_500, 3)], [new FeatureColumn(text, ColumnKind.Category)],
                new DatasetTarget(text, text, text, 700, 800), [new SensitiveColumn(text, true)], [new ExcludedColumn(text, text)], 1_500, 3,
                [new SplitCounts(DataSplit.Train, 1_200, 500), new SplitCounts(DataSplit.HeldOut, 300, 150)]),
            FairnessEvaluation.Of(input, text, CancellationToken.None),
            new LeakageReport(
                [new LeakageFinding("single-feature", text, 0.99, 0.95, $"'{text}' alone ranks the target.", $"Ignore '{text}'.")],
                [new FeatureStrength(text, 0.99)], new RepeatedRows(300, 0, 2, 1)),
            new ImportanceReport("roc-auc", 300, 10, 300, -1, 1e-6, [new ColumnImportance(text, 0.1, 0.01, 0.5, [new ValueEffect(text, 100, 0.4), new ValueEffect("other", 100, -0.3)])]));
    }

    /// <summary>A card of several classes, or of a number with linear regression as the model.</summary>
    public static CardContent Of(EvaluationInput input, float[] champion, string target)
    {
        var names = MetricNames.For(input.Task);
        var isNumber = input.Task == LearningTask.Regression;
        TrialRecord[] records =
        [
            new(1, SearchSpace.At(17, 1), 1, [0.7], 40, 0.7, 0, TrialEnd.Beaten, "others were better"),
            new(2, SearchSpace.At(17, 2), 3, [0.61, 0.63, 0.66], 80, 0.6333, 0.0252, TrialEnd.Finished, "saw all folds"),
        ];
        var trials = new TrialsReport(names.Default, 17, 3, TrialSearch.Halving, 2, records);
        var metrics = ModelEvaluator.Evaluate(input, CancellationToken.None).Report! with { Stability = FoldStability.Of(trials) };
        var old = ModelEvaluator.Evaluate(input with { Scores = champion }, CancellationToken.None).Report!;
        var definition = new ModelDefinition(
            "sample", input.Task, new TargetColumn(target, null), [], [.. input.Sensitive?.Keys ?? []], TrainingPolicy.DefaultFor(input.Task),
            new GatePolicy(
                new Dictionary<string, double> { [isNumber ? MetricNames.R2 : MetricNames.Accuracy] = 0.6 }, new ChampionGate(names.Default, 0.002),
                new Dictionary<string, double> { [isNumber ? MetricNames.Rmse : MetricNames.LogLoss] = isNumber ? 150 : 1 }),
            DeploymentPolicy.Default, RetrainingPolicy.Default);
        var parity = new ParityReport(input.Labels.Length, 1e-7, 1e-5, true);
        var gate = PromotionGate.Decide(definition.Gates, metrics, old, parity, null, PairedComparison.Of(input, champion, 4, CancellationToken.None));
        var at = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
        var baseline = isNumber ? new BaselineResult(0.01, 0.6, 0.02, [0.58, 0.6, 0.62], 60, []) : null;
        return new CardContent(
            "sample", 5,
            new ModelLineage(
                "run-7", "0123456789abcdef", "new data", definition, new TrialResult(2, SearchSpace.At(17, 2), 80, 0.63, 0.025), at,
                new SoftwareVersions("1.0.0+abc", "10.0.0", "1.7.4", "1.29.0"), baseline),
            new ModelSignature("sample", input.Task, definition.Target, [new SignatureColumn("Income", "Income", ColumnKind.Number, [])], 0, "score")
            {
                Classes = isNumber ? null : input.Classes,
            },
            metrics, parity, new ModelDecision(DecisionOutcome.Deployed, gate, "ann", "looked into it", at), trials,
            new DatasetManifest(
                "0123456789abcdef", 1, "sample", "f", [new DatasetSource("sample/a.csv", new string('a', 64), 4_500, 0)], [new FeatureColumn("Income", ColumnKind.Number)],
                new DatasetTarget(target, null, null, 0, 0)
                {
                    Task = input.Task,
                    Classes = isNumber ? null : [.. input.Classes.Select((c, i) => new TargetClass(c, 400 - i, 100 - i))],
                },
                [], [], 4_500, 0, [new SplitCounts(DataSplit.Train, 3_600, 0), new SplitCounts(DataSplit.HeldOut, 900, 0)]),
            input.Sensitive is null ? null : FairnessEvaluation.Of(input, null, CancellationToken.None),
            new LeakageReport([], [isNumber ? new FeatureStrength("Income", null, 0.4) : new FeatureStrength("Income", 0.7)], new RepeatedRows(900, 0, 0, 0)),
            new ImportanceReport(
                names.Default, 900, 10, 900, 0, 1e-6,
                [new ColumnImportance("Income", 0.1, 0.01, 0.5, [new ValueEffect("0 to 100", 100, 0.4), new ValueEffect("100 to 200", 100, -0.3)])]));
    }

    /// <summary>The words of both cards: the page's without its markup, and the Markdown's without its escapes.</summary>
    public static IReadOnlyList<string> Both(CardContent card) =>
        [Regex.Replace(Parsed(CardPage.Render(card)).Element("body")!.Value, "\\s+", " "), CardMarkdown.Render(card).Replace("\\", "", StringComparison.Ordinal)];

    /// <summary>A page as XML.</summary>
    public static XElement Parsed(string page) =>
        XElement.Parse(Regex.Replace(page[page.IndexOf("<html", StringComparison.Ordinal)..], "<meta [^>]*>|<br>", ""));
}
