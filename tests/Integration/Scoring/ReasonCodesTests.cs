using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Scoring;

public sealed class ReasonCodesTests
{
    private readonly TrainingRun run = TrainingRun.Shared;

    [Fact]
    public void Of_CreditData_NamesWhatSpeaksMostForEachDecision()
    {
        var rows = CreditData.HeldOut.Features.Take([.. Enumerable.Range(0, 100)]);
        var contributions = ModelContributions.Of(run.Model.Learner, run.Model.Signature, rows, CancellationToken.None);

        var bad = Reasons(rows, isHigh: true, count: 4);
        var good = Reasons(rows, isHigh: false, count: 4);

        for (var row = 0; row < rows.RowCount; row++)
        {
            // By the contributions themselves, sorted anew: raised for the one, lowered for the other, and no column on both sides.
            Assert.Equal(Columns(contributions, row, sign: 1), bad[row].Select(NameOf));
            Assert.Equal(Columns(contributions, row, sign: -1), good[row].Select(NameOf));
            Assert.All(bad[row], reason => Assert.EndsWith(": makes bad more likely", reason, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Of_ValuesOfEachKind_SaysThemAsTheRowHasThem()
    {
        var all = CreditData.HeldOut.Features;
        var reasons = Reasons(all, isHigh: true, count: 4).Concat(Reasons(all, isHigh: false, count: 4)).SelectMany(r => r).ToHashSet();

        Assert.Contains("Records is yes: makes bad more likely", reasons);
        Assert.Contains("Seniority is 0 (below the usual 5): makes bad more likely", reasons);
        Assert.Contains(reasons, reason => reason.Contains(" (as usual): ", StringComparison.Ordinal));
        Assert.Contains(reasons, reason => reason.Contains(" (above the usual ", StringComparison.Ordinal));
        Assert.Contains(reasons, reason => reason.StartsWith("Income is not given: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-0.0115950145f, @"^Seniority is -0\.01159501\d* ")]
    [InlineData(100002028f, @"^Seniority is about 100002000 \(above the usual 5\):")]
    [InlineData(16777216f, @"^Seniority is 16777216 \(above the usual 5\):")]
    [InlineData(1e30f, @"^Seniority is about 1E\+30 \(above the usual 5\):")]
    public void Of_NumbersOfManyDigits_SaysNoMoreThanWasRead(float value, string expected)
    {
        var rows = CreditData.HeldOut.Features.Take([0]);
        rows.Numbers(rows.Columns.Select(c => c.Name).ToList().IndexOf("Seniority"))[0] = value;

        var said = Reasons(rows, isHigh: true, count: 13).Concat(Reasons(rows, isHigh: false, count: 13)).SelectMany(r => r);

        Assert.Single(said, reason => System.Text.RegularExpressions.Regex.IsMatch(reason, expected));
    }

    [Fact]
    public void Of_FewerAskedFor_GivesTheFirstOfThem()
    {
        var rows = CreditData.HeldOut.Features.Take([3, 4]);

        Assert.Equal(Reasons(rows, isHigh: true, count: 4).Select(r => r.Take(1)), Reasons(rows, isHigh: true, count: 1));
        Assert.Empty(Reasons(rows.Take([]), isHigh: true, count: 4));
    }

    [Fact]
    public void Of_NumbersToPredict_SaysByHowMuchEachColumnMovesThem()
    {
        var rows = Labelled(LearningTask.Regression, [], row => (20f * CreditData.Train.Features.Numbers(0)[row]) + 100);
        var model = Fit(rows);
        var reasons = ReasonCodes.Of(model.Learner, model.Signature, rows.Features.Take([0, 1, 2, 3]), _ => ("", true), 2, CancellationToken.None);

        Assert.All(reasons, of => Assert.Matches(@"^Seniority is \d+ \((as usual|(above|below) the usual \d+)\): (raises|lowers) the prediction by \d", of[0]));
        Assert.All(reasons, of => Assert.InRange(of.Count, 1, 2));
    }

    [Fact]
    public void Of_SeveralClasses_SpeaksForTheClassDecidedOn()
    {
        string[] classes = ["new", "old", "short"];
        var rows = Labelled(LearningTask.MulticlassClassification, classes, row => CreditData.Train.Features.Numbers(0)[row] switch { < 2 => 0, < 9 => 2, _ => 1 });
        var model = Fit(rows);
        var reasons = ReasonCodes.Of(
            model.Learner, model.Signature, rows.Features, row => (classes[(int)rows.Labels[row]], true), 1, CancellationToken.None);

        Assert.True(reasons.Index().Count(r => r.Item.Count == 1
            && r.Item[0].StartsWith($"Seniority is {rows.Features.Numbers(0)[r.Index]}", StringComparison.Ordinal)
            && r.Item[0].EndsWith($": makes {classes[(int)rows.Labels[r.Index]]} more likely", StringComparison.Ordinal)) > 0.95 * rows.RowCount);
    }

    [Fact]
    public void Of_AMissingValueThatNoTrainingRowLacked_IsScoredAsTheUsualOneAndIsNoReason()
    {
        var typical = run.Model.Signature.Columns.Single(c => c.Name == "Amount").Typical;
        Assert.Equal((1000f, false), (typical?.Median, typical?.LearnsMissing));
        Assert.True(run.Model.Signature.Columns.Single(c => c.Name == "Income").Typical?.LearnsMissing);
        var (blank, usual) = (WithAmount(float.NaN), WithAmount(1000));
        using var session = new ModelSession(run.Model.Onnx, run.Model.Signature);

        Assert.Equal(session.Score(usual, CancellationToken.None), session.Score(blank, CancellationToken.None));
        Assert.DoesNotContain(Reasons(blank, isHigh: true, count: 4).SelectMany(r => r), reason => reason.StartsWith("Amount ", StringComparison.Ordinal));
        Assert.Contains(Reasons(usual, isHigh: true, count: 4).Concat(Reasons(usual, isHigh: false, count: 4)).SelectMany(r => r), reason => reason.StartsWith("Amount is 1000 (as usual): ", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_ACategoryThatTheModelDoesNotKnow_IsNoReason()
    {
        var table = CreditData.HeldOut.Features;
        var unknown = new FeatureTable(
            table.Columns,
            [.. table.Columns.Select((c, place) => c.Name is "Home" or "Job" ? Enumerable.Repeat("castle", table.RowCount).ToArray()
                : c.Kind == ColumnKind.Number ? (Array)table.Numbers(place) : table.Categories(place))],
            table.RowCount);

        var reasons = Reasons(unknown, isHigh: true, count: 4).Concat(Reasons(unknown, isHigh: false, count: 4)).SelectMany(r => r).ToList();

        Assert.DoesNotContain(reasons, reason => reason.StartsWith("Home ", StringComparison.Ordinal) || reason.StartsWith("Job ", StringComparison.Ordinal));
        Assert.Contains(reasons, reason => reason.StartsWith("Records ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_AWordThatIsNeitherOfAYesNoColumnsTwo_IsNoReasonThoughALackOfItIs(bool isLinear)
    {
        // Rows that lack it are mostly bad, so that a lack is learned, and any other word is scored like one.
        string[] values = [.. Enumerable.Range(0, 600).Select(row => (row % 3) switch { 0 => "", 1 => "yes", _ => "no" })];
        var rows = CreditData.Train with
        {
            Features = new FeatureTable([new FeatureColumn("Own", ColumnKind.Boolean)], [values], values.Length),
            Labels = [.. Enumerable.Range(0, 600).Select(row => row % 3 == 0 || row % 30 == 1 ? 1f : 0f)],
            RowHashes = [.. Enumerable.Range(0, 600).Select(row => (ulong)row)],
            Sensitive = new Dictionary<string, string[]>(),
        };
        var definition = CreditData.Definition with { Sensitive = [] };
        var model = isLinear
            ? ModelTrainer.Fit(rows, definition, BaselineRunner.Run(rows, definition.Training, CancellationToken.None), CancellationToken.None)
            : ModelTrainer.Fit(rows, definition, [new TrialResult(0, SearchSpace.At(1, 0), 30, 0, 0)], CancellationToken.None);
        var scored = new FeatureTable(rows.Features.Columns, [new[] { "", "maybe", "YES" }], 3);

        using var session = new ModelSession(model.Onnx, model.Signature);
        var scores = session.Score(scored, CancellationToken.None);
        var bad = ReasonCodes.Of(model.Learner, model.Signature, scored, _ => ("bad", true), 1, CancellationToken.None);
        var good = ReasonCodes.Of(model.Learner, model.Signature, scored, _ => ("good", false), 1, CancellationToken.None);

        Assert.Equal(scores[0], scores[1]);
        Assert.Equal("Own is not given: makes bad more likely", Assert.Single(bad[0]));
        Assert.Empty(bad[1]);
        Assert.Empty(good[1]);
        if (!isLinear) Assert.Equal("Own is YES: makes good more likely", Assert.Single(good[2]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_AText_NamesTheWordThatWeighsMost(bool isLinear)
    {
        string[] texts = ["payment came late again", "all paid as agreed", "asked about the branch"];
        string[] comments = [.. Enumerable.Range(0, 600).Select(row => $"Customer {texts[row % 3]} today")];
        float[] labels = [.. Enumerable.Range(0, 600).Select(row => row % 3 == 0 || row % 30 == 1 ? 1f : 0f)];
        var rows = CreditData.Train with
        {
            Features = new FeatureTable([new FeatureColumn("Comment", ColumnKind.Text)], [comments], comments.Length),
            Labels = labels,
            RowHashes = [.. Enumerable.Range(0, 600).Select(row => (ulong)row)],
            Sensitive = new Dictionary<string, string[]>(),
        };
        var definition = CreditData.Definition with { Sensitive = [] };
        var model = isLinear
            ? ModelTrainer.Fit(rows, definition, BaselineRunner.Run(rows, definition.Training, CancellationToken.None), CancellationToken.None)
            : ModelTrainer.Fit(rows, definition, [new TrialResult(0, SearchSpace.At(1, 0), 30, 0, 0)], CancellationToken.None);

        var towards = ReasonCodes.Of(model.Learner, model.Signature, rows.Features.Take([0]), _ => ("bad", true), 1, CancellationToken.None);
        var against = ReasonCodes.Of(model.Learner, model.Signature, rows.Features.Take([2]), _ => ("good", false), 1, CancellationToken.None);

        Assert.Matches("^Comment has '(payment|came|late|again)': makes bad more likely$", Assert.Single(towards[0]));
        var blank = new FeatureTable(rows.Features.Columns, [new[] { "" }], 1);
        var eitherWay = new[] { true, false }.SelectMany(isHigh => ReasonCodes.Of(model.Learner, model.Signature, blank, _ => (isHigh ? "bad" : "good", isHigh), 1, CancellationToken.None)[0]);
        Assert.StartsWith("Comment is not given: makes ", Assert.Single(eitherWay), StringComparison.Ordinal);
        Assert.Matches("^Comment (lacks '(payment|came|late|again)'|has '(asked|about|the|branch)'): makes good more likely$", Assert.Single(against[0]));
    }

    private static FeatureTable WithAmount(float amount)
    {
        var table = CreditData.HeldOut.Features;
        return new FeatureTable(
            table.Columns,
            [.. table.Columns.Select((c, place) => c.Name == "Amount" ? Enumerable.Repeat(amount, table.RowCount).ToArray()
                : c.Kind == ColumnKind.Number ? (Array)table.Numbers(place) : table.Categories(place))],
            table.RowCount);
    }

    private static LabeledTable Labelled(LearningTask task, string[] classes, Func<int, float> label) =>
        CreditData.Train with { Task = task, Classes = classes, Labels = [.. Enumerable.Range(0, CreditData.Train.RowCount).Select(label)] };

    private static TrainedModel Fit(LabeledTable rows) => ModelTrainer.Fit(
        rows,
        CreditData.Definition with { Task = rows.Task, Target = new TargetColumn("y", null), Training = TrainingPolicy.DefaultFor(rows.Task) with { Calibration = CalibrationChoice.None } },
        [new TrialResult(0, SearchSpace.At(1, 0), 20, 0, 0)], CancellationToken.None);

    private IReadOnlyList<IReadOnlyList<string>> Reasons(FeatureTable rows, bool isHigh, int count) =>
        ReasonCodes.Of(run.Model.Learner, run.Model.Signature, rows, _ => (isHigh ? "bad" : "good", isHigh), count, CancellationToken.None);

    private IEnumerable<string> Columns(ModelContributions contributions, int row, int sign) => run.Model.Signature.Columns.Index()
        .Where(c => sign * contributions[row, c.Index] > 0)
        .OrderByDescending(c => sign * contributions[row, c.Index])
        .Take(4)
        .Select(c => c.Item.Name);

    private static string NameOf(string reason) => reason.Split(' ')[0];
}
