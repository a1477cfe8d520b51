using Serverless.Platform.Datasets;
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

    private IReadOnlyList<IReadOnlyList<string>> Reasons(FeatureTable rows, bool isHigh, int count) =>
        ReasonCodes.Of(run.Model.Booster, run.Model.Signature, rows, _ => (isHigh ? "bad" : "good", isHigh), count, CancellationToken.None);

    private IEnumerable<string> Columns(ModelContributions contributions, int row, int sign) => run.Model.Signature.Columns.Index()
        .Where(c => sign * contributions[row, c.Index] > 0)
        .OrderByDescending(c => sign * contributions[row, c.Index])
        .Take(4)
        .Select(c => c.Item.Name);

    private static string NameOf(string reason) => reason.Split(' ')[0];
}
