using System.Text.RegularExpressions;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;
using Serverless.Tests.Unit.Evaluation;

namespace Serverless.Tests.Unit.Deployment;

/// <summary>Cards of several classes and of a number. With CARD_FOLDER=folder they are kept there, to be looked at.</summary>
public sealed class TaskCardTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&|`x`";

    [Fact]
    public async Task Page_OfSeveralClasses_ShowsTheMatrixEachClassAndTheGroups()
    {
        var card = TestCards.Of(TaskRows.Classes(900, sensitive: Groups(900)), TaskRows.Classes(900, 0.3).Scores, "Repayment");

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
        Assert.Equal(9, TestCards.Parsed(page).Descendants("figure").Single(f => f.Value.Contains("by the class predicted", StringComparison.Ordinal)).Descendants("rect").Count());
        Assert.DoesNotContain("threshold", Words(page), StringComparison.Ordinal);
        StandsAlone(page);
    }

    [Fact]
    public async Task Page_OfANumber_ShowsDecilesErrorsAndTheGroups()
    {
        var card = TestCards.Of(TaskRows.Numbers(900, sensitive: Groups(900)), TaskRows.Numbers(900, 150).Scores, "Price");

        var (page, text) = (CardPage.Render(card), CardMarkdown.Render(card));

        await KeepAsync("number", page, text);
        Assert.All(
            new[]
            {
                "Predicts the value of Price, a number.", "Predicted against true values", "Errors: predicted less true", "By 10 bands of equal count (about 90 rows each)", "Nine in ten lie between",
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
        var card = TestCards.Of(input with { Classes = ["a", "b", Hostile] }, input.Scores, Hostile);

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

        var page = CardPage.Render(TestCards.Of(input, scores, "Kind"));

        Assert.Contains("the 20 of 60 classes with the most rows", page, StringComparison.Ordinal);
        Assert.Equal(400, TestCards.Parsed(page).Descendants("figure").Single(f => f.Value.Contains("by the class predicted", StringComparison.Ordinal)).Descendants("rect").Count());
        Assert.InRange(page.Length, 20_000, 250_000);
        StandsAlone(page);
    }

    [Theory]
    [InlineData(SplitKind.Time, "are the newest by 'Opened'")]
    [InlineData(SplitKind.Group, "are of groups of 'Opened' that the model did not learn from")]
    public void Limits_OfAnotherSplit_SayWhichRowsTheFiguresHoldFor(SplitKind by, string expected)
    {
        var card = TestCards.Of(TaskRows.Numbers(100), TaskRows.Numbers(100).Scores, "Price");

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

    private static void StandsAlone(string page)
    {
        Assert.All(new[] { "src=", "href=", "url(", "NaN", "∞" }, part => Assert.DoesNotContain(part, page, StringComparison.Ordinal));
        Assert.NotEmpty(TestCards.Parsed(page).Descendants("figure"));
    }

    private static async Task KeepAsync(string name, string page, string text)
    {
        if (Environment.GetEnvironmentVariable("CARD_FOLDER") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.html"), page, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.md"), text, TestContext.Current.CancellationToken);
    }

    private static string Words(string page) => Regex.Replace(TestCards.Parsed(page).Element("body")!.Value, "\\s+", " ");
}
