using System.Text.RegularExpressions;
using System.Xml.Linq;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;
using Serverless.Tests.Unit.Evaluation;

namespace Serverless.Tests.Unit.Deployment;

/// <summary>Cards of several classes and of a number. With CARD_FOLDER=folder they are kept there, to be looked at.</summary>
public sealed class TaskCardTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&|`x`";

    [Fact]
    public async Task Page_OfSeveralClasses_ShowsTheMatrixEachClassAndTheGroups()
    {
        var card = Card(TaskRows.Classes(900, sensitive: Groups(900)), TaskRows.Classes(900, 0.3).Scores, "Repayment");

        var (page, text) = (CardPage.Render(card), CardMarkdown.Render(card));

        await KeepAsync("classes", page, text);
        Assert.All(
            new[]
            {
                "Predicts which of 3 classes Repayment is: current, early, late.", "Which class is taken for which", "The most frequent confusions", "Class by class",
                "Macro F1", "Balanced accuracy", "minimum accuracy", "accuracy-difference", "demographic-parity-difference: late", "the log-odds of the classes", "From fold to fold",
                "0.610", "Calibration of the predicted class", "Region", "Beside the champion, version 4",
            },
            part => Assert.Contains(part, Words(page), StringComparison.Ordinal));
        Assert.All(new[] { "| current |", "The most frequent confusions", "| accuracy-difference |", "Fold by fold" }, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Equal(9, Parsed(page).Descendants("figure").Single(f => f.Attribute("class")?.Value == "matrix").Descendants("rect").Count());
        Assert.DoesNotContain("threshold", Words(page), StringComparison.Ordinal);
        StandsAlone(page);
    }

    [Fact]
    public async Task Page_OfANumber_ShowsDecilesErrorsAndTheGroups()
    {
        var card = Card(TaskRows.Numbers(900, sensitive: Groups(900)), TaskRows.Numbers(900, 150).Scores, "Price");

        var (page, text) = (CardPage.Render(card), CardMarkdown.Render(card));

        await KeepAsync("number", page, text);
        Assert.All(
            new[]
            {
                "Predicts the value of Price, a number.", "Predicted against true values", "Errors: predicted less true", "By tenths of the rows", "Nine in ten lie between",
                "RMSE", "R²", "Median absolute error", "minimum r2", "mean-error-difference", "the predicted value", "Root mean squared error by Region", "From fold to fold", "linear regression",
            },
            part => Assert.Contains(part, Words(page), StringComparison.Ordinal));
        Assert.All(new[] { "| mean-error-difference |", "Nine in ten lie between", "Fold by fold" }, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.All(new[] { "positive", "threshold", "logistic" }, part => Assert.DoesNotContain(part, Words(page), StringComparison.Ordinal));
        StandsAlone(page);
    }

    [Fact]
    public void Page_HostileClassesAndGroups_AreTextEverywhere()
    {
        var input = TaskRows.Classes(300, sensitive: new Dictionary<string, string[]> { [Hostile] = [.. Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? Hostile : "b")] });
        var card = Card(input with { Classes = ["a", "b", Hostile] }, input.Scores, Hostile);

        var page = CardPage.Render(card);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("(?<!\\\\)<script", CardMarkdown.Render(card));
        Assert.Contains(Hostile, Words(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfManyClasses_ShowsTheMatrixOfThoseWithTheMostRows()
    {
        var random = new Random(2);
        float[] labels = [.. Enumerable.Range(0, 2_000).Select(_ => (float)Math.Min(random.Next(60), random.Next(60)))];
        float[] scores = [.. labels.SelectMany(l => Enumerable.Range(0, 60).Select(c => c == (int)l ? 0.41f : 0.01f))];
        var input = new EvaluationInput(LearningTask.MulticlassClassification, [.. Enumerable.Range(0, 60).Select(c => $"class {c}")], scores, labels, 0, 17);

        var page = CardPage.Render(Card(input, scores, "Kind"));

        Assert.Contains("the 20 of 60 classes with the most rows", page, StringComparison.Ordinal);
        Assert.Equal(400, Parsed(page).Descendants("figure").Single(f => f.Attribute("class")?.Value == "matrix").Descendants("rect").Count());
        Assert.InRange(page.Length, 20_000, 250_000);
        StandsAlone(page);
    }

    [Theory]
    [InlineData(SplitKind.Time, "are the newest by 'Opened'")]
    [InlineData(SplitKind.Group, "are of groups of 'Opened' that the model did not learn from")]
    public void Limits_OfAnotherSplit_SayWhichRowsTheFiguresHoldFor(SplitKind by, string expected)
    {
        var card = Card(TaskRows.Numbers(100), TaskRows.Numbers(100).Scores, "Price");

        var split = card with { Dataset = card.Dataset! with { SplitBy = new DatasetSplitRule(by, "Opened", "2024-01-01") } };

        Assert.Contains(expected, CardLimits.Of(split)[0], StringComparison.Ordinal);
        Assert.Contains("drawn at random", CardLimits.Of(card)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 0, 1)]
    [InlineData(-0.3, 0.72, -0.5, 0.75)]
    [InlineData(437.2, 1_561, 300, 1_800)]
    [InlineData(5, 5, 5, 10)]
    [InlineData(-3e-7, 2e-7, -3e-7, 2e-7)]
    public void Axis_OfAnyValues_HasRoundEndsThatHoldThem(double low, double high, double least, double most)
    {
        var axis = PlotAxis.Holding(low, high);

        Assert.Equal((least, most), (Math.Round(axis.Least, 9), Math.Round(axis.Most, 9)));
    }

    private static Dictionary<string, string[]> Groups(int rows) => new()
    {
        ["Age"] = [.. Enumerable.Range(0, rows).Select(i => $"{20 + (i * 7 % 50)}")],
        ["Region"] = [.. Enumerable.Range(0, rows).Select(i => i < 8 ? "abroad" : i % 3 == 0 ? "north" : "south")],
    };

    private static CardContent Card(EvaluationInput input, float[] champion, string target)
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

    private static void StandsAlone(string page)
    {
        Assert.All(new[] { "src=", "href=", "url(", "NaN", "∞" }, part => Assert.DoesNotContain(part, page, StringComparison.Ordinal));
        Assert.NotEmpty(Parsed(page).Descendants("figure"));
    }

    private static async Task KeepAsync(string name, string page, string text)
    {
        if (Environment.GetEnvironmentVariable("CARD_FOLDER") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.html"), page, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.md"), text, TestContext.Current.CancellationToken);
    }

    private static string Words(string page) => Regex.Replace(Parsed(page).Element("body")!.Value, "\\s+", " ");

    private static XElement Parsed(string page) =>
        XElement.Parse(Regex.Replace(page[page.IndexOf("<html", StringComparison.Ordinal)..], "<meta [^>]*>|<br>", ""));
}
