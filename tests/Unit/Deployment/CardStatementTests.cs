using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Tests.Unit.Evaluation;

namespace Serverless.Tests.Unit.Deployment;

/// <summary>What a validator has to find said on both cards.</summary>
public sealed class CardStatementTests
{
    [Fact]
    public void Card_WithoutCosts_SaysThatTheThresholdIsYoudensPoint()
    {
        var card = TestCards.Binary("Region");

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("true positive rate less false positive rate is greatest (Youden's point) on predictions for the training rows by models that did not see them", text, StringComparison.Ordinal);
            Assert.Contains("names no costs of errors", text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(0.2, "The model costs 60.0% less than the cheaper of these two, predicting every row positive.")]
    [InlineData(0.6, "The model is no cheaper than predicting every row positive.")]
    public void Card_WithCosts_SaysThemAndHoldsTheModelAgainstDoingWithoutOne(double perRow, string verdict)
    {
        var card = TestCards.Binary("Region");
        card = Training(card, t => t with { Cost = new CostPolicy(1, 5) }) with
        {
            Metrics = card.Metrics with { Cost = new ErrorCost(1, 5, 300 * perRow, perRow, perRow - 0.05, perRow + 0.05, 2.5, 0.5) },
        };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("the score with the least cost", text, StringComparison.Ordinal);
            Assert.Contains("a false positive costs 1 and a false negative 5 (training.cost)", text, StringComparison.Ordinal);
            Assert.Contains("Predicting no row positive would cost 2.500 per row, predicting every row positive 0.500. " + verdict, text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_OfWeightedClasses_SaysTheWeights()
    {
        var (none, card) = (TestCards.Binary("a"), TestCards.Binary("a"));

        Assert.All(TestCards.Both(none), text => Assert.Contains("none: all rows count the same", text, StringComparison.Ordinal));
        Assert.All(
            TestCards.Both(Training(card, t => t with { Weights = new ClassWeights(4, 1) })),
            text => Assert.Contains("{positive: 4, negative: 1}: in training a 'a' row counts 4, any other 1", text, StringComparison.Ordinal));
        Assert.All(
            TestCards.Both(Training(card, t => t with { Weights = ClassWeights.Balanced })), text => Assert.Contains("balanced: in training", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Card_OfAnySplitAndCalibration_SaysThem()
    {
        var card = TestCards.Binary("a");
        var byTime = Training(card, t => t with { Split = new SplitPolicy(SplitKind.Time, "Opened") }) with
        {
            Dataset = card.Dataset! with { SplitBy = new DatasetSplitRule(SplitKind.Time, "Opened", "2024-01-01") },
        };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("Which rows are held out (20% in the mean) follows from their content.", text, StringComparison.Ordinal);
            Assert.Contains("none: no method lowers the cross-validated log-loss (training.calibration: auto)", text, StringComparison.Ordinal);
        });
        Assert.All(TestCards.Both(byTime), text =>
            Assert.Contains("The newest rows by 'Opened' are held out, those from 2024-01-01 on. Each fold is predicted from the time before it.", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Card_WithSensitiveColumns_SaysWhichTheModelLearnedFrom()
    {
        var card = TestCards.Binary("Age");
        var definition = card.Lineage.Definition with { Sensitive = ["Age", "Gender"] };

        Assert.All(TestCards.Both(card with { Lineage = card.Lineage with { Definition = definition } }), text =>
        {
            Assert.Contains("inputs of the model, learned from like any other column: Age; only reported, no inputs of the model: Gender", text, StringComparison.Ordinal);
            Assert.Contains("To keep a sensitive column out of a model, name it under ignore as well.", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Card_OfANumberWithFewRows_NamesItsBands()
    {
        var rows = TaskRows.Numbers(90);
        var card = TestCards.Of(rows, rows.Scores, "Price");
        Assert.Equal(4, card.Metrics.Residuals!.Deciles.Count);

        var (page, text) = (TestCards.Both(card)[0], TestCards.Both(card)[1]);

        Assert.Contains("By 4 bands of equal count (about 23 rows each), in the order of the predicted value", page, StringComparison.Ordinal);
        Assert.Contains("Predicted against true values, by 4 bands of equal count (about 23 rows each), 95% intervals", page, StringComparison.Ordinal);
        Assert.Contains("By 4 bands of equal count (about 23 rows each)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tenth", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_OfABoundBelowAThousandth_ShowsItWithItsDigits()
    {
        var card = TestCards.Binary("a");
        var parity = card.Decision.Gate.Reasons[0] with { Found = 0.00074214, Required = 0.0014824, Explanation = "It is required at most 0.001482." };
        card = card with { Decision = card.Decision with { Gate = card.Decision.Gate with { Reasons = [parity] }, Reason = "The definition requires at least 0.99." } };

        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains("≤ 0.001482", text, StringComparison.Ordinal);
            Assert.Contains("0.0007421", text, StringComparison.Ordinal);
            Assert.DoesNotContain("..", text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(900, true)]
    public void Card_OfACalibrationCurve_SaysItsBinsAndShowsItAboveOnlyWithFiveOfThem(int rows, bool tile)
    {
        var card = TestCards.Of(TaskRows.Classes(rows), TaskRows.Classes(rows).Scores, "Kind");
        var calibration = card.Metrics.Calibration!;
        Assert.Equal(tile, calibration.Bins.Count >= 5);

        Assert.Equal(tile, CardTiles.Of(card).Any(t => t.Name == "Calibration error"));
        Assert.All(TestCards.Both(card), text =>
        {
            Assert.Contains(tile ? "in 10 bins of about 90 rows" : "in 3 bins of about 20 rows", text, StringComparison.Ordinal);
            Assert.Contains("A model whose scores all come true would show up to", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Effects_OfSmallGroupsPutTogether_SayNothing()
    {
        var text = new ColumnImportance("Note", 0.1, 0.01, 0.2, [new ValueEffect(SliceEvaluation.SmallGroups, 900, -0.016)]);
        var mixed = text with { Effects = [new ValueEffect("owner", 100, 0.4), .. text.Effects] };

        Assert.Equal(("–", "raise: owner (+0.400)"), (CardColumns.Effects(text), CardColumns.Effects(mixed)));
    }

    [Fact]
    public void Card_OfExplainedRows_SaysWhyTheyAreASample()
    {
        var card = TestCards.Binary("a");

        var sampled = card with { Importance = card.Importance! with { ExplainedRows = 299 } };

        Assert.All(TestCards.Both(sampled), text => Assert.Contains("299 of the 300 held-out rows, a sample drawn by their hashes in the classes' own shares, since", text, StringComparison.Ordinal));
        Assert.All(TestCards.Both(card), text => Assert.DoesNotContain("a sample drawn", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Card_OfAnyTask_SaysHowItsIntervalsWereMade() => Assert.All(TestCards.Both(TestCards.Binary("a")), text =>
        Assert.Contains("1,000 bootstrap resamples of the held-out rows, drawn whatever their class (classes of fewer than 20 rows are drawn apart", text, StringComparison.Ordinal));

    private static CardContent Training(CardContent card, Func<TrainingPolicy, TrainingPolicy> change) =>
        card with { Lineage = card.Lineage with { Definition = card.Lineage.Definition with { Training = change(card.Lineage.Definition.Training) } } };
}
