using Serverless.Platform.Datasets;
using Serverless.Platform.Evaluation;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Evaluation;

public sealed class NearRepeatsTests(ITestOutputHelper output)
{
    private static readonly string[] Columns = [.. CreditData.All.Features.Columns.Select(c => c.Name)];

    [Fact]
    public void Find_RealCases_AreSeldomAlikeInAllColumnsButOne()
    {
        var found = NearRepeats.Find(CreditData.Train, CreditData.HeldOut, Columns, CancellationToken.None);

        output.WriteLine($"{found}");
        Assert.InRange((double)found.Found / found.HeldOutRows, 0, LeakageCheck.RepeatedShare / 2);
    }

    [Fact]
    public void Find_RealCasesWithAPriceThatIsALittleOther_AreFound()
    {
        // One in ten of the held-out rows is a training row, its price off by one.
        var (train, heldOut) = (CreditData.Train, CreditData.HeldOut);
        var price = Array.IndexOf(Columns, "Price");
        var copies = train.Take([.. Enumerable.Range(0, heldOut.RowCount / 10)]);
        var values = Columns.Select((_, c) => CreditData.All.Features.Columns[c].Kind.IsNumeric()
            ? (Array)heldOut.Features.Numbers(c).Concat(copies.Features.Numbers(c).Select(v => c == price ? v + 1 : v)).ToArray()
            : heldOut.Features.Categories(c).Concat(copies.Features.Categories(c)).ToArray());
        var rows = heldOut.RowCount + copies.RowCount;
        var with = heldOut with
        {
            Features = new FeatureTable(heldOut.Features.Columns, [.. values], rows),
            Labels = [.. heldOut.Labels, .. copies.Labels],
            RowHashes = [.. heldOut.RowHashes, .. copies.RowHashes.Select(h => h ^ 1)],
        };

        var found = NearRepeats.Find(train, with, Columns, CancellationToken.None);

        output.WriteLine($"{found}");
        Assert.InRange(found.Found, 0.9 * copies.RowCount, copies.RowCount + (0.005 * rows));
        Assert.Equal("Price", found.Column);
    }
}
