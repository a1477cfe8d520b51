using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Storage;
using Serverless.Tests.Integration.Datasets;

namespace Serverless.Tests.Integration.Evaluation;

/// <summary>Two versions of a model's data: which rows held out of the second were learned from the first.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class LearnedRowsTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DatasetFixture fixture = new();
    private readonly ScratchSpace scratch = new();

    public void Dispose()
    {
        fixture.Dispose();
        scratch.Dispose();
    }

    [Theory]
    [InlineData("a column more")]
    [InlineData("a column ignored")]
    [InlineData("a column of identifiers that begins elsewhere")]
    public async Task FindAsync_VersionOfOtherColumns_FindsItsTrainingRows(string change)
    {
        var (before, after, ignore) = change switch
        {
            "a column more" => (Csv(800), Csv(800, ("Region", i => $"r{i % 7}")), ""),
            "a column ignored" => (Csv(800), Csv(800), "\nignore: [Home]"),
            _ => (Csv(800, ("Case", Number(5))), Csv(800, ("Case", Number(900))), "\nfeatures: { Case: numeric }"),
        };
        var (first, second) = (await SaveAsync(ignore.Contains("Case", StringComparison.Ordinal) ? ignore : "", before), await SaveAsync(ignore, after));

        var (learned, heldOut) = await FindAsync(first, second);

        // Told by the texts that the two tables have in common, another way than by hashes.
        var store = Store();
        var train = await store.ReadAsync("credit-risk", first, DataSplit.Train, CancellationToken.None);
        string[] shared = ["Age", "Income", .. change == "a column ignored" ? (string[])[] : ["Home"]];
        var seen = Texts(train, shared).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(Texts(heldOut, shared).Select(seen.Contains), learned);
        Assert.InRange((double)learned.Count(l => l) / learned.Length, 0.7, 0.9);

        static Func<int, string> Number(int from) => i => (((i * 37) % 800) + from).ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task FindAsync_MoreRowsOfTheSameColumns_FindsNone()
    {
        var first = await SaveAsync("", Csv(800));
        var second = await SaveAsync("", Csv(800), Csv(400, seed: 2));

        var (learned, heldOut) = await FindAsync(first, second);

        Assert.InRange(heldOut.RowCount, 180, 300);
        Assert.DoesNotContain(true, learned);
    }

    [Fact]
    public async Task FindAsync_FewDistinctRows_KeepsThoseThatWereHeldOutBefore()
    {
        // The note makes rows distinct for the split; it is left out of what is learned from, so that many rows look alike.
        string Rows(int count, int from) => "Status,Home,Note\n" + string.Concat(Enumerable.Range(from, count).Select(i =>
            $"{(i % 3 == 0 ? "bad" : "good")},{(i % 2 == 0 ? "own" : "rent")},case-{i:D6}\n"));
        var first = await SaveAsync("", Rows(500, 0));
        var second = await SaveAsync("", Rows(500, 0), Rows(250, 500));

        var (learned, heldOut) = await FindAsync(first, second);

        var before = (await Store().ReadAsync("credit-risk", first, DataSplit.HeldOut, CancellationToken.None)).RowHashes.ToHashSet();
        Assert.Equal(heldOut.RowHashes.Select(h => !before.Contains(h)), learned);
        Assert.Contains(false, learned);
        Assert.Contains(true, learned);
    }

    [Fact]
    public async Task FindAsync_VersionThatWasDeleted_SaysSo()
    {
        var version = await SaveAsync("", Csv(300));
        var heldOut = await Store().ReadAsync("credit-risk", version, DataSplit.HeldOut, CancellationToken.None);

        var fault = await Assert.ThrowsAsync<InvalidDataException>(
            () => LearnedRows.FindAsync(Store(), "credit-risk", "ffffffffffffffff", heldOut, CancellationToken.None));

        Assert.StartsWith("Dataset ffffffffffffffff, which it was trained on, cannot be read", fault.Message, StringComparison.Ordinal);
    }

    private static string Csv(int rows, params (string Name, Func<int, string> Value)[] more) => Csv(rows, 1, more);

    private static string Csv(int rows, int seed, params (string Name, Func<int, string> Value)[] more)
    {
        var lines = DatasetFixture.Csv(rows, seed).TrimEnd('\n').Split('\n');
        return string.Concat(lines.Select((line, i) => $"{line}{string.Concat(more.Select(m => $",{(i == 0 ? m.Name : m.Value(i))}"))}\n"));
    }

    private static IEnumerable<string> Texts(LabeledTable table, string[] columns)
    {
        int[] places = [.. columns.Select(c => table.Features.Columns.Select(f => f.Name).ToList().IndexOf(c))];
        return Enumerable.Range(0, table.RowCount).Select(row => string.Join('|', places.Select(p => table.Features.Text(p, row)).Append($"{table.Labels[row]}")));
    }

    private async Task<(bool[] Learned, LabeledTable HeldOut)> FindAsync(string first, string second)
    {
        var heldOut = await Store().ReadAsync("credit-risk", second, DataSplit.HeldOut, CancellationToken.None);
        return ((await LearnedRows.FindAsync(Store(), "credit-risk", first, heldOut, CancellationToken.None)).Learned, heldOut);
    }

    private async Task<string> SaveAsync(string definition, params string[] files)
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition + definition, [.. files.Select((text, i) => fixture.Add($"{i}.csv", text))]);
        await Store().SaveAsync("credit-risk", built.Manifest.Version, built.Folder, "a-run", CancellationToken.None);
        return built.Manifest.Version;
    }

    private DatasetStore Store() => new(azurite.Storage, scratch, TimeProvider.System);
}
