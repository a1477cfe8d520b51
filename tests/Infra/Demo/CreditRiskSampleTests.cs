using Serverless.Local;
using Serverless.Local.Demo;
using Serverless.Tests.Infra.House;

namespace Serverless.Tests.Infra.Demo;

public sealed class CreditRiskSampleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_OfTheSample_CutsItInTwoWithoutLossOrOverlap()
    {
        using var folder = new TemporaryFolder();
        var sample = await CreditRiskSample.WriteAsync(new Checkout(Tree.Root), folder.Path, Cancelled);
        await using var allFile = File.OpenRead(Tree.At("samples", "credit-risk", "credit_data.csv"));
        await using var trainingFile = File.OpenRead(sample.TrainingFile);
        var all = await CsvTable.ReadAsync(allFile, Cancelled);
        var training = await CsvTable.ReadAsync(trainingFile, Cancelled);

        Assert.Equal((3563, 891), (training.Rows.Count, sample.Holdout.Rows.Count));
        Assert.Equal(all.Columns, training.Columns);
        Assert.Equal(all.Columns.Where(column => column != "Status"), sample.Holdout.Columns);
        var parts = training.Rows.Select(Line)
            .Concat(sample.Holdout.Rows.Zip(sample.HoldoutLabels, (row, bad) => Line([bad ? "bad" : "good", .. row])));
        Assert.Equal(all.Rows.Select(Line).Order(StringComparer.Ordinal), parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_Twice_WritesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        var first = await CreditRiskSample.WriteAsync(new Checkout(Tree.Root), folder.At("first"), Cancelled);
        var second = await CreditRiskSample.WriteAsync(new Checkout(Tree.Root), folder.At("second"), Cancelled);
        Assert.Equal(await File.ReadAllBytesAsync(first.TrainingFile, Cancelled), await File.ReadAllBytesAsync(second.TrainingFile, Cancelled));
        Assert.Equal(await File.ReadAllBytesAsync(first.HoldoutFile, Cancelled), await File.ReadAllBytesAsync(second.HoldoutFile, Cancelled));
    }

    [Fact]
    public async Task WriteAsync_WhenTheSampleIsNotThere_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        var exception = await Assert.ThrowsAsync<CommandException>(() => CreditRiskSample.WriteAsync(new Checkout(folder.Path), folder.Path, Cancelled));
        Assert.Contains("definition.yaml was not found", exception.Message, StringComparison.Ordinal);
    }

    private static string Line(IReadOnlyList<string> row) => string.Join('|', row);
}
