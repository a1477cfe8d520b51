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

public sealed class ModelCardTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&|`x`";

    [Fact]
    public void Page_HostileNamesAndValues_AreTextEverywhere()
    {
        var page = CardPage.Render(Card(Hostile));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;|`x`", page, StringComparison.Ordinal);
        Assert.Contains(Hostile, string.Concat(Parsed(page).Descendants().Select(e => e.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_HostileNamesAndValues_StayInTheirCells()
    {
        var text = CardMarkdown.Render(Card(Hostile));

        Assert.DoesNotMatch("(?<!\\\\)<script", text);
        var rows = text.Split('\n').Where(l => l.StartsWith("| \\<script", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.InRange(Regex.Count(r, @"(?<!\\)\|"), 5, 8));
    }

    [Fact]
    public void Page_AnyCard_StandsAloneAndIsWellFormed()
    {
        var page = CardPage.Render(Card("Region"));

        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        var figures = Parsed(page).Descendants("figure").Select(f => f.Element("figcaption")!.Value).ToList();
        Assert.Equal(8, figures.Count);
        Assert.All(new[] { "ROC", "Calibration", "Gain", "Score distribution", "Precision", "contribution", "shuffling", "by Region" }, name => Assert.Contains(figures, f => f.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Page_AnyCard_ShowsLineageMetricsGateFairnessLeakageAndLimits()
    {
        var text = Regex.Replace(Parsed(CardPage.Render(Card("Region"))).Value, "\\s+", " ");

        Assert.All(
            new[]
            {
                "run-7", "0123456789abcdef", "platform 1.0.0+abc, .NET 10.0.0, XGBoost 1.7.4, ONNX Runtime 1.29.0", "ROC AUC", "Brier score", "Deployed", "by ann on 2026-11-22 10:00 UTC", "minimum roc-auc", "Beside the champion, version 4",
                "demographic-parity-difference", "The highest less the lowest share of rows predicted positive", "no figure here is a verdict",
                "Possible leakage", "'Region' alone ranks", "per row", "What it leans on", "Limits", "2 (chosen)", "0.810, 0.830, 0.860 fold by fold",
            },
            part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Card_OfABlend_NamesTheTrialsItIsTheMeanOf()
    {
        var card = Card("a");
        var trial = card.Lineage.Trial;

        var blend = card with { Lineage = card.Lineage with { Blended = [trial, trial with { Trial = 7 }] } };

        Assert.Contains("the mean of 2 models of gradient-boosted trees, with the parameters of trials 2, 7", CardMarkdown.Render(blend), StringComparison.Ordinal);
        Assert.Contains("with the parameters of the best trial", CardMarkdown.Render(card), StringComparison.Ordinal);
    }

    [Fact]
    public void Card_SameDocuments_GiveTheSameBytes()
    {
        Assert.Equal(CardPage.Render(Card("a")), CardPage.Render(Card("a")));
        Assert.Equal(CardMarkdown.Render(Card("a")), CardMarkdown.Render(Card("a")));
    }

    [Fact]
    public void Card_OfAnOlderVersion_DoesWithoutTheDocumentsItHasNot()
    {
        var card = Card("a");
        var old = card with
        {
            Trials = null,
            Dataset = null,
            Fairness = null,
            Leakage = null,
            Importance = null,
            Metrics = card.Metrics with { Calibration = null, Gain = null, Curve = null, Scores = null, Cost = null },
        };

        Assert.Contains("names no sensitive column", Parsed(CardPage.Render(old)).Value, StringComparison.Ordinal);
        Assert.Contains("## Limits", CardMarkdown.Render(old), StringComparison.Ordinal);
    }

    private static XElement Parsed(string page) =>
        XElement.Parse(Regex.Replace(page[page.IndexOf("<html", StringComparison.Ordinal)..], "<meta [^>]*>|<br>", ""));

    /// <summary>A card in which every text that comes from a user's file or request is <paramref name="text"/>.</summary>
    private static CardContent Card(string text)
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
            new ModelDecision(DecisionOutcome.Deployed, gate, text == Hostile ? text : "ann", text, at),
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
}
