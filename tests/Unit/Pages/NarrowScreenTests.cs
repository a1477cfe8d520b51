using System.Globalization;
using System.Text.RegularExpressions;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;
using Serverless.Tests.Unit.Deployment;

namespace Serverless.Tests.Unit.Pages;

/// <summary>What a telephone's screen, 390 pixels wide, shows of the pages.</summary>
public sealed class NarrowScreenTests
{
    /// <summary>What the margins leave of it.</summary>
    private const double Screen = 358;

    public static TheoryData<string> Tasks => ["binary", "classes", "number"];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Page_OnAPhone_HasNoLabelTooSmallToRead(string task)
    {
        var page = Of(task);
        var drawings = TestCards.Parsed(page).Descendants("svg").ToList();

        Assert.NotEmpty(drawings);
        Assert.All(drawings, svg =>
        {
            var width = double.Parse(svg.Attribute("viewBox")!.Value.Split(' ')[2], CultureInfo.InvariantCulture);
            var least = Regex.Match(svg.Ancestors("figure").First().Attribute("style")?.Value ?? "", @"--least:([\d.]+)px");
            var scale = Math.Max(Screen, least.Success ? double.Parse(least.Groups[1].Value, CultureInfo.InvariantCulture) : 0) / width;
            Assert.All(svg.Descendants("text"), text => Assert.InRange(scale * FontSize(page, text.Attribute("class")!.Value.Split(' ')[0]), 9.5, 20));
            Assert.Equal("scroll", svg.Parent?.Attribute("class")?.Value);
            Assert.Equal(least.Success ? "wide" : null, svg.Ancestors("figure").First().Attribute("class")?.Value);
        });
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Page_OnAPhone_ScrollsWideTablesInsideAndShowsThatThereIsMore(string task)
    {
        var page = Of(task);
        var tables = TestCards.Parsed(page).Descendants("table").ToList();

        Assert.All(tables, table =>
        {
            Assert.Equal("scroll", table.Parent?.Attribute("class")?.Value);
            Assert.Equal(table.Descendants("tr").First().Elements().Count() >= 5 ? "many" : null, table.Attribute("class")?.Value);
        });
        Assert.Contains(tables, t => t.Attribute("class") is not null);
        var (screen, print) = (Media(page, "screen"), Media(page, "print"));
        Assert.Contains(".scroll { overflow-x: auto;", screen, StringComparison.Ordinal);
        Assert.Matches(@"linear-gradient\(to left, [^;]* rgba\(28, 39, 51, \.28\) [^;]* right / 1rem [^;]* scroll;", screen);
        Assert.Contains("figure.wide svg { min-width: var(--least); }", screen, StringComparison.Ordinal);
        Assert.Contains(".scroll:has(> table.many)::before { content: \"Scroll sideways", page, StringComparison.Ordinal);
        Assert.DoesNotContain("min-width", print, StringComparison.Ordinal);
        Assert.Matches(@"body \{[^}]*overflow-wrap: anywhere", page);
    }

    [Fact]
    public void Table_OfFewColumns_TakesTheWidthThereIs() =>
        Assert.DoesNotContain("many", Html.Table(["a", "b", "c", "d"], [Html.Cells("1", "2", "3", "4")]).Markup, StringComparison.Ordinal);

    [Theory]
    [InlineData("number_of_dependents", "")]
    [InlineData("loans 2026/loans & leases of all branches.csv", "")]
    [InlineData("8f14e45fceea167a5a36dedd4bea2543", " class=\"long\"")]
    public void Table_AnyWord_BreaksOnlyWhereItIsLong(string text, string marked)
    {
        var table = Html.Table(["a"], [[Html.Of($"<b>{text}</b><br><span class=\"badge\">target</span>")]]);

        Assert.Contains($"<td{marked}><b>", table.Markup, StringComparison.Ordinal);
        var screen = Media(Page.Render("t", table), "screen");
        Assert.Contains("th, td, td:not(.long) code { overflow-wrap: break-word; }", screen, StringComparison.Ordinal);
        Assert.Contains("td.long, th.long { overflow-wrap: anywhere; min-width: 14rem; }", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void SmallBars_InATable_HaveLabelsThatCanBeRead()
    {
        var page = Page.Render("t", SmallBars.Upright([1, 2, 3], "three", "0", "9"));
        var rem = double.Parse(Regex.Match(page, @"svg\.small \{ width: ([\d.]+)rem").Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.InRange(rem * 16 / 170 * FontSize(page, "tick"), 10.5, 14);
    }

    private static string Of(string task)
    {
        if (task == "binary") return CardPage.Render(TestCards.Binary("Region"));
        var sensitive = new Dictionary<string, string[]> { ["Region"] = [.. Enumerable.Range(0, 240).Select(i => i % 2 == 0 ? "north" : "south")] };
        if (task == "number")
        {
            float[] values = [.. Enumerable.Range(0, 240).Select(i => (float)i)];
            return CardPage.Render(TestCards.Of(
                new EvaluationInput(LearningTask.Regression, [], [.. values.Select(v => v + 3 - (v % 7))], values, 0, 17, sensitive), values, "Amount"));
        }

        const int classes = 8;
        float[] scores = [.. Enumerable.Range(0, 240).SelectMany(i => Enumerable.Range(0, classes).Select(c => c == i % classes ? 0.65f : 0.05f))];
        return CardPage.Render(TestCards.Of(
            new EvaluationInput(
                LearningTask.MulticlassClassification, [.. Enumerable.Range(0, classes).Select(c => $"class {c}")], scores,
                [.. Enumerable.Range(0, 240).Select(i => (float)(i % 5 == 0 ? (i + 1) % classes : i % classes))], 0, 17, sensitive),
            scores, "Kind"));
    }

    private static double FontSize(string page, string style) =>
        double.Parse(Regex.Match(page, $@"\.{style}\b[^{{}}]*\{{ font-size: ([\d.]+)px").Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>The rules of the first block for a medium.</summary>
    private static string Media(string page, string medium)
    {
        var from = page.IndexOf($"@media {medium} {{", StringComparison.Ordinal);
        Assert.True(from > 0, $"There is no block for {medium}.");
        var (end, depth) = (page.IndexOf('{', from) + 1, 1);
        for (; depth > 0; end++) depth += page[end] == '{' ? 1 : page[end] == '}' ? -1 : 0;
        return page[from..end];
    }
}
