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
        var contributions = ModelContributions.Of(run.Model.Booster, run.Model.Signature, rows, CancellationToken.None);

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
        Assert.Contains("Seniority is 0: makes bad more likely", reasons);
        Assert.Contains(reasons, reason => reason.StartsWith("Income is not given: ", StringComparison.Ordinal));
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
        var reasons = ReasonCodes.Of(model.Booster, model.Signature, rows.Features.Take([0, 1, 2, 3]), _ => ("", true), 2, CancellationToken.None);

        Assert.All(reasons, of => Assert.Matches(@"^Seniority is \d+: (raises|lowers) the prediction by \d", of[0]));
        Assert.All(reasons, of => Assert.InRange(of.Count, 1, 2));
    }

    [Fact]
    public void Of_SeveralClasses_SpeaksForTheClassDecidedOn()
    {
        string[] classes = ["new", "old", "short"];
        var rows = Labelled(LearningTask.MulticlassClassification, classes, row => CreditData.Train.Features.Numbers(0)[row] switch { < 2 => 0, < 9 => 2, _ => 1 });
        var model = Fit(rows);
        var reasons = ReasonCodes.Of(
            model.Booster, model.Signature, rows.Features, row => (classes[(int)rows.Labels[row]], true), 1, CancellationToken.None);

        Assert.True(reasons.Index().Count(r => r.Item.Count == 1
            && r.Item[0] == $"Seniority is {rows.Features.Numbers(0)[r.Index]}: makes {classes[(int)rows.Labels[r.Index]]} more likely") > 0.95 * rows.RowCount);
    }

    private static LabeledTable Labelled(LearningTask task, string[] classes, Func<int, float> label) =>
        CreditData.Train with { Task = task, Classes = classes, Labels = [.. Enumerable.Range(0, CreditData.Train.RowCount).Select(label)] };

    private static TrainedModel Fit(LabeledTable rows) => ModelTrainer.Fit(
        rows,
        CreditData.Definition with { Task = rows.Task, Target = new TargetColumn("y", null), Training = TrainingPolicy.DefaultFor(rows.Task) with { Calibration = CalibrationChoice.None } },
        new TrialResult(0, SearchSpace.At(1, 0), 20, 0, 0), CancellationToken.None);

    private IReadOnlyList<IReadOnlyList<string>> Reasons(FeatureTable rows, bool isHigh, int count) =>
        ReasonCodes.Of(run.Model.Booster, run.Model.Signature, rows, _ => (isHigh ? "bad" : "good", isHigh), count, CancellationToken.None);

    private IEnumerable<string> Columns(ModelContributions contributions, int row, int sign) => run.Model.Signature.Columns.Index()
        .Where(c => sign * contributions[row, c.Index] > 0)
        .OrderByDescending(c => sign * contributions[row, c.Index])
        .Take(4)
        .Select(c => c.Item.Name);

    private static string NameOf(string reason) => reason.Split(' ')[0];
}
