using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Deployment;

/// <summary>What both cards say of the search, and of what the model is.</summary>
public sealed class CardSearchTests
{
    [Fact]
    public void Card_OfASearchThatItsTimeoutCut_SaysWhatBecameOfTheTrialsAndThatARepeatMayDiffer()
    {
        var card = TestCards.Binary("Region");
        TrialRecord[] trials =
        [
            Trial(0, [0.81, 0.83, 0.86, 0.84, 0.82], TrialEnd.Finished), Trial(1, [0.80, 0.83, 0.85, 0.84, 0.82], TrialEnd.Finished),
            Trial(2, [0.7], TrialEnd.Beaten), Trial(3, [0.8], TrialEnd.OutOfTime), Trial(4, [], TrialEnd.OutOfTime), Trial(5, [], TrialEnd.OutOfTime), Trial(6, [], TrialEnd.Failed),
        ];
        card = card with { Trials = new TrialsReport("roc-auc", 17, 5, TrialSearch.Halving, 0, trials, Blended: [0]) };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("7 trials were planned: 2 saw all 5 folds, 1 was stopped early since others were better, 3 ran out of time (2 of them before their first fold), 1 failed.", text, StringComparison.Ordinal);
            Assert.Contains("training.timeout of 00:10:00 cut the search", text, StringComparison.Ordinal);
            Assert.Contains("a repeat may choose otherwise", text, StringComparison.Ordinal);
            Assert.Contains("the best of the 2 trials that saw all 5 folds, by cross-validated roc-auc; 7 were planned", text, StringComparison.Ordinal);
            Assert.Contains("Logistic regression was not done in time", text, StringComparison.Ordinal);
            Assert.DoesNotContain("best of 20 trials", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_OfASearchOfOneFold_SaysThatNobodyKnowsHowSteadyTheModelIs()
    {
        var card = TestCards.Binary("Region");
        card = card with { Trials = new TrialsReport("roc-auc", 17, 5, TrialSearch.Halving, 0, [Trial(0, [0.8], TrialEnd.Finished)], Blended: [0]) };

        var remark = Assert.Single(SearchRemarks.Of(card.Trials, card.Lineage.Definition.Training.Timeout, card.TrainRows));
        Assert.All(TestCards.Both(card), text => Assert.Contains(remark, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Card_OfASearchThatRanToItsEnd_SaysNothingOfTime()
    {
        Assert.All(TestCards.Both(TestCards.Binary("Region")), text =>
        {
            Assert.Contains("2 trials were planned: 1 saw all 3 folds, 1 was stopped early since others were better.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("cut the search", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_OfOneFold_SpeaksOfOne()
    {
        var card = TestCards.Binary("Region");
        var search = card.Trials!;
        card = card with
        {
            Trials = Compared(
                search with { Trials = [.. search.Trials.Select(t => t with { FoldScores = [.. t.FoldScores.Take(1)] })] },
                Baseline(0.6) with { FoldScores = [0.6] }),
        };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("saw the one fold", text, StringComparison.Ordinal);
            Assert.Contains("on its one fold.", text, StringComparison.Ordinal);
            Assert.Contains("On one fold the ", text, StringComparison.Ordinal);
            Assert.Contains("before that one fold of them, predicted by models of the other rows, chose the model", text, StringComparison.Ordinal);
            Assert.Contains("0.840 on its one fold, 80 rounds", text, StringComparison.Ordinal);
            Assert.DoesNotContain("1 folds", text, StringComparison.Ordinal);
            Assert.DoesNotContain("in 1 fold", text, StringComparison.Ordinal);
            Assert.DoesNotContain("fold by fold", text, StringComparison.Ordinal);
            Assert.DoesNotContain("over the folds", text, StringComparison.Ordinal);
            Assert.DoesNotContain("that standard error", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_OfOneFoldOfALinearModelOrAMean_ShowsItsFigureAlone()
    {
        var card = TestCards.Binary("Region");
        var line = Baseline(0.837) with { FoldScores = [0.837], StandardDeviation = 0 };

        Assert.All(TestCards.Both(card with { Lineage = card.Lineage with { Baseline = line } }), text => Assert.Contains("0.837 on its one fold, at least as good", text, StringComparison.Ordinal));
        Assert.All(TestCards.Both(card with { Trials = card.Trials! with { BlendFoldScores = [0.86] } }), text =>
        {
            Assert.Contains("with the parameters of the best trial: 0.860 on its one fold", text, StringComparison.Ordinal);
            Assert.DoesNotContain("± 0.000", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_OfSeveralFolds_SaysWhatCountsAsNoLead()
    {
        var card = TestCards.Binary("Region");
        card = card with { Trials = Compared(card.Trials!, Baseline(0.6)) };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("(What counts as no lead is the smaller of that standard error and of 0.25% of the score.)", text, StringComparison.Ordinal);
            Assert.Contains("0.840 ± 0.010 over the folds it saw, 80 rounds", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_WhereTheBaselineIsTheModel_ShowsItsFoldsAndTheTreesAsBeaten()
    {
        var card = Linear();

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.DoesNotContain("(chosen)", text, StringComparison.Ordinal);
            Assert.Contains("logistic regression (the model)", text, StringComparison.Ordinal);
            Assert.Contains("2 (the best trees, not the model)", text, StringComparison.Ordinal);
            Assert.Contains("The model is logistic regression. It has 0.820, 0.840, 0.850 fold by fold", text, StringComparison.Ordinal);
            Assert.DoesNotContain("The chosen one has", text, StringComparison.Ordinal);
            Assert.Contains("so the simpler model is taken", text, StringComparison.Ordinal);
        });
        var first = TestCards.Parsed(CardPage.Render(card)).Descendants("tr").First(r => r.Value.Contains("logistic regression (the model)", StringComparison.Ordinal));
        Assert.Equal(["logistic regression (the model)", "0.837", "0.015", "0.820", "0.850", "3", "–"], first.Elements("td").Take(7).Select(c => c.Value));
    }

    [Fact]
    public void Card_WhereTreesAreTheModel_ShowsTheBaselineAsBeaten()
    {
        var card = TestCards.Binary("Region");
        card = card with { Trials = Compared(card.Trials!, Baseline(0.6)) };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("2 (chosen)", text, StringComparison.Ordinal);
            Assert.Contains("logistic regression (the baseline)", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_OfABlend_SaysThatTheFoldsAreOfItsBestTrialAlone()
    {
        var card = TestCards.Binary("Region");
        var trial = card.Lineage.Trial!;
        card = card with { Lineage = card.Lineage with { Blended = [trial, trial with { Trial = 1 }] }, Trials = card.Trials! with { Blended = [2, 1] } };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("the mean of 2 models of gradient-boosted trees", text, StringComparison.Ordinal);
            Assert.Contains("These figures are of the best trial alone; the model is the mean, in margins, of the trials 2, 1", text, StringComparison.Ordinal);
            Assert.Contains("1 (in the model)", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Page_OfMoreTrialsThanItShows_ShowsThoseOfTheModelFirstInATableThatScrollsInside()
    {
        var card = TestCards.Binary("Region");
        TrialRecord[] trials = [.. Enumerable.Range(0, 60).Select(t => t > 50 ? Trial(t, [0.81, 0.83], TrialEnd.Finished) : Trial(t, [], TrialEnd.OutOfTime))];
        card = card with { Trials = new TrialsReport("roc-auc", 17, 2, TrialSearch.Halving, 55, trials, Blended: [55, 59]) };

        var table = TestCards.Parsed(CardPage.Render(card)).Descendants("table").Single(t => t.Value.Contains("55 (chosen)", StringComparison.Ordinal));

        Assert.Equal(["55 (chosen)", "59 (in the model)", "51"], table.Descendants("tr").Skip(1).Take(3).Select(r => r.Elements("td").First().Value));
        Assert.Equal(("many", "scroll"), (table.Attribute("class")?.Value, table.Parent?.Attribute("class")?.Value));
    }

    [Fact]
    public void Card_OfASearchInWhichNoTrialWasDone_SaysAtItsHeadThatNoTreesWereTried()
    {
        var card = Linear();
        TrialRecord[] cut = [.. Enumerable.Range(0, 3).Select(t => Trial(t, [], TrialEnd.OutOfTime))];
        var search = new TrialsReport("roc-auc", 17, 3, TrialSearch.Exhaustive, null, cut, Blended: []).With(card.Lineage.Baseline, TimeSpan.FromSeconds(30));
        card = card with { Lineage = card.Lineage with { Trial = null }, Trials = search };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("No trial of the search ended in time: 3 of 3 were cut by the definition's training.timeout of 00:00:30, so there are no trees to compare with", text, StringComparison.Ordinal);
            Assert.Contains("none of the 3 trials that were planned ended in time", text, StringComparison.Ordinal);
            Assert.Contains("3 trials were planned: 0 saw all 3 folds, 3 ran out of time (3 of them before their first fold).", text, StringComparison.Ordinal);
            Assert.Contains("the only learner that was done in time", text, StringComparison.Ordinal);
            Assert.DoesNotContain("at least as good as what has trees", text, StringComparison.Ordinal);
            Assert.DoesNotContain("best trial", text, StringComparison.Ordinal);
        });
        Assert.Contains("No trees were tried.", TestCards.Parsed(CardPage.Render(card)).Descendants("div").First(d => d.Attribute("class")?.Value == "warn").Value, StringComparison.Ordinal);
        Assert.Contains("> **No trees were tried.**", CardMarkdown.Render(card), StringComparison.Ordinal);
        Assert.All(TestCards.Both(Linear()), text => Assert.DoesNotContain("No trees were tried", text, StringComparison.Ordinal));
    }

    private static CardContent Linear()
    {
        var card = TestCards.Binary("Region");
        var trials = Compared(card.Trials!, Baseline(0.837));
        Assert.Equal(LearnerKind.Linear, trials.Choice!.Learner);
        return card with { Trials = trials, Lineage = card.Lineage with { Baseline = trials.Baseline } };
    }

    private static TrialsReport Compared(TrialsReport search, BaselineResult baseline) => search with
    {
        Baseline = baseline,
        Choice = LearnerChoice.Of(search.Trials.Single(t => t.Trial == search.Chosen).FoldScores, baseline.FoldScores, search.Metric),
    };

    private static BaselineResult Baseline(double score) =>
        new(0.01, score, 0.0153, [score - 0.017, score + 0.003, score + 0.013], 60, [new TriedPenalty(0.01, score)]);

    private static TrialRecord Trial(int number, double[] folds, TrialEnd end) => new(
        number, SearchSpace.At(17, number), 1, folds, folds.Length == 0 ? null : 80, folds.Length == 0 ? null : folds.Average(), 0.01, end, "It ended.");
}
