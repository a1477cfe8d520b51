using System.Text.RegularExpressions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Deployment;

public sealed class ModelCardTests
{
    internal const string Hostile = "<script>alert(1)</script>\"'&|`x`";

    [Fact]
    public void Page_HostileNamesAndValues_AreTextEverywhere()
    {
        var page = CardPage.Render(TestCards.Binary(Hostile));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;|`x`", page, StringComparison.Ordinal);
        Assert.Contains(Hostile, string.Concat(TestCards.Parsed(page).Descendants().Select(e => e.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_HostileNamesAndValues_StayInTheirCells()
    {
        var text = CardMarkdown.Render(TestCards.Binary(Hostile));

        Assert.DoesNotMatch("(?<!\\\\)<script", text);
        var (cells, hostile) = (0, 0);
        foreach (var line in text.Split('\n'))
        {
            var bars = Regex.Count(line, @"(?<!\\)\|");
            if (line.StartsWith("| -", StringComparison.Ordinal) || line.StartsWith("|-", StringComparison.Ordinal)) cells = bars;
            if (!line.StartsWith("| \\<script", StringComparison.Ordinal)) continue;
            Assert.Equal(cells, bars);
            hostile++;
        }

        Assert.True(hostile > 2, $"{hostile} rows have the name.");
    }

    [Fact]
    public void Page_AnyCard_StandsAloneAndIsWellFormed()
    {
        var page = CardPage.Render(TestCards.Binary("Region"));

        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        var figures = TestCards.Parsed(page).Descendants("figure").Select(f => f.Element("figcaption")!.Value).ToList();
        Assert.Equal(8, figures.Count);
        Assert.All(new[] { "ROC", "Calibration", "Gain", "Score distribution", "Precision", "contribution", "shuffling", "by Region" }, name => Assert.Contains(figures, f => f.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Card_GroupWithTooFewRowsForAFigure_SaysWhyItHasNone()
    {
        var card = TestCards.Binary("Region");
        var column = card.Fairness!.Columns[0];
        var enough = column.Groups.Where(g => !g.Small).ToList();
        GroupFairness[] groups = [enough[0], enough[1] with { Group = "X", RocAuc = null, TruePositiveRate = Proportion.Wilson(4, 8), Precision = null }];
        CardContent With(IReadOnlyList<GroupFairness> found) => card with { Fairness = card.Fairness with { Columns = [column with { Groups = found }] } };

        Assert.All(TestCards.Both(With(groups)), text =>
        {
            Assert.Contains("50.0%", text, StringComparison.Ordinal);
            Assert.Matches(@"78\.5%\)? †", text);
            Assert.Equal(2, Regex.Count(text, "– †"));
            Assert.Contains("† of fewer than 10 rows: left out of measures and gates. ROC AUC is not measured with fewer than 10 rows of either class.", text, StringComparison.Ordinal);
        });
        Assert.All(TestCards.Both(With(enough)), text => Assert.DoesNotContain("†", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Card_ChampionThatNoRuleNames_SaysHowTheyCompareOrWhyTheyCannotBe()
    {
        const string Said = "The definition asks for no rule beside the champion; said in a sentence.";
        var card = TestCards.Binary("Region");
        var compared = card with { Decision = card.Decision with { Gate = card.Decision.Gate with { Ungated = Said } } };
        var not = compared with { Decision = compared.Decision with { Gate = compared.Decision.Gate with { Comparison = null } } };

        Assert.All((CardContent[])[compared, not], c =>
        {
            Assert.Contains(Said, CardPage.Render(c), StringComparison.Ordinal);
            Assert.Contains(Said, CardMarkdown.Render(c), StringComparison.Ordinal);
        });
        Assert.DoesNotContain("There was no champion", CardPage.Render(not), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_AnyCard_ShowsLineageMetricsGateFairnessLeakageAndLimits()
    {
        var text = Regex.Replace(TestCards.Parsed(CardPage.Render(TestCards.Binary("Region"))).Value, "\\s+", " ");

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
    public void Card_OfGroups_ShowsTheRatiosIntervalAndWhatChanceMakesOfCalibration()
    {
        var card = TestCards.Binary("Region");

        foreach (var text in new[] { CardMarkdown.Render(card), TestCards.Parsed(CardPage.Render(card)).Value })
        {
            Assert.Matches(@"demographic-parity-ratio[\s|]*[01]\.\d+[\s|]*0\.\d+ – [01]", text);
            Assert.Matches(@"calibration-within-groups[\s|]*0\.\d+[\s|]*by chance up to 0\.\d+", text);
        }
    }

    [Fact]
    public void Card_OfABlend_NamesTheTrialsItIsTheMeanOf()
    {
        var card = TestCards.Binary("a");
        var trial = card.Lineage.Trial!;

        var blend = card with { Lineage = card.Lineage with { Blended = [trial, trial with { Trial = 7 }] } };

        Assert.Contains("the mean of 2 models of gradient-boosted trees, with the parameters of trials 2, 7", CardMarkdown.Render(blend), StringComparison.Ordinal);
        Assert.Contains("with the parameters of the best trial", CardMarkdown.Render(card), StringComparison.Ordinal);
    }

    [Fact]
    public void Card_OfAMeanOfTreesAndRegression_SaysHowMuchOfEachAndWhatItHasOverTheFolds()
    {
        var card = TestCards.Binary("a");
        var trial = card.Lineage.Trial!;
        var mixed = card with
        {
            Signature = card.Signature with { Learner = LearnerKind.Mixed },
            Lineage = card.Lineage with { Blended = [trial, trial with { Trial = 7 }], Linear = new LinearPart(0.3, 0.001) },
            Trials = card.Trials! with { Blended = [2, 7], BlendFoldScores = [0.84, 0.86, 0.88], LinearShare = 0.3 },
        };

        Assert.All(new[] { CardMarkdown.Render(mixed), TestCards.Parsed(CardPage.Render(mixed)).Value }, text =>
        {
            Assert.Contains(
                "the weighted mean, in the log-odds, of 70% the mean of 2 models of gradient-boosted trees, with the parameters of trials 2, 7, and 30% logistic regression, "
                    + "penalty 0.001 per row: 0.860 ± 0.020 over the folds",
                text, StringComparison.Ordinal);
            Assert.Contains("made to 70% of the mean, in the log-odds, of the trials 2, 7, whose scores the folds cannot tell apart; and to 30% of logistic regression. It has 0.840, 0.860, 0.880 fold by fold", text, StringComparison.Ordinal);
            Assert.Contains("move the linear part on in a straight line", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_SameDocuments_GiveTheSameBytes()
    {
        Assert.Equal(CardPage.Render(TestCards.Binary("a")), CardPage.Render(TestCards.Binary("a")));
        Assert.Equal(CardMarkdown.Render(TestCards.Binary("a")), CardMarkdown.Render(TestCards.Binary("a")));
    }

    [Fact]
    public void Card_OfAnOlderVersion_DoesWithoutTheDocumentsItHasNot()
    {
        var card = TestCards.Binary("a");
        var old = card with
        {
            Trials = null,
            Dataset = null,
            Fairness = null,
            Leakage = null,
            Importance = null,
            Metrics = card.Metrics with { Calibration = null, Gain = null, Curve = null, Scores = null, Cost = null },
        };

        Assert.Contains("names no sensitive column", TestCards.Parsed(CardPage.Render(old)).Value, StringComparison.Ordinal);
        Assert.Contains("## Limits", CardMarkdown.Render(old), StringComparison.Ordinal);
    }
}
