using System.Text;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Files that are refused, each beside a good one.</summary>
public sealed class BadTrainingFileTests : IDisposable
{
    private readonly DatasetFixture fixture = new();

    public static TheoryData<string, string> BadFiles => new()
    {
        { "empty.csv", "empty" },
        { "header.csv", "no rows" },
        { "noise.csv", "" },
        { "latin1.csv", "0xE9 at byte 38" },
        { "huge.csv", "longer than 1048576" },
        { "ragged.csv", "has 3 fields; expected 4" },
        { "nottarget.csv", "no column 'Status'" },
        { "missing.csv", "lacks the column 'Income'" },
        { "reserved.csv", "'__ROW'" },
        { "text.csv", "8 of 40 rows were refused: 8 for 'Age' (type)" },
        { "classes.csv", "40 of 40 rows were refused: 40 for 'Status' (target)" },
        { "twice.csv", "both called 'Age'" },
        { "twice.jsonl", "'Age' comes twice" },
        { "nested.jsonl", "'Home' is an object" },
        { "latin1.jsonl", "not UTF-8" },
        { "wide.csv", "more than 2000 fields" },
        { "bomb.csv.gz", "expands to more than" },
        { "utf16.csv", "UTF-16" },
        { "data.xlsx", "expected .csv" },
        { "cut.csv.gz", "cut off" },
        { "zipped.csv", "gzip" },
    };

    // Contents are made here and not in the theory's data, which test discovery would write out byte by byte.
    private static byte[] BadContent(string name) => name switch
    {
        "empty.csv" => [],
        "header.csv" => "Status,Age,Income,Home\n"u8.ToArray(),
        "noise.csv" => Noise(),
        "latin1.csv" => [.. "Status,Age,Income,Home\ngood,30,100,caf"u8, 0xE9, (byte)'\n'],
        "huge.csv" => Encoding.UTF8.GetBytes($"Status,Age,Income,Home\ngood,1,2,{new string('x', 20_000_000)}\n"),
        "ragged.csv" => "Status,Age,Income,Home\ngood,30,100\n"u8.ToArray(),
        "nottarget.csv" => "status,Age,Income,Home\ngood,30,100,own\n"u8.ToArray(),
        "missing.csv" => "Status,Age,Home\ngood,30,own\n"u8.ToArray(),
        "reserved.csv" => "Status,Age,Income,Home,__ROW\ngood,30,1,own,1\n"u8.ToArray(),
        "text.csv" => Encoding.UTF8.GetBytes(DatasetFixture.Csv(40, seed: 9, change: (i, f) => i % 5 == 0 ? [f[0], "old", f[2], f[3]] : f)),
        "classes.csv" => Encoding.UTF8.GetBytes(DatasetFixture.Csv(40, seed: 9, change: (i, f) => [i % 2 == 0 ? "1" : "0", f[1], f[2], f[3]])),
        "twice.csv" => "Status,Age,Income,Age\ngood,30,100,30\n"u8.ToArray(),
        "twice.jsonl" => "{\"Status\":\"good\",\"Age\":30,\"Age\":30}\n"u8.ToArray(),
        "nested.jsonl" => "{\"Status\":\"good\",\"Age\":30,\"Income\":1,\"Home\":{\"city\":\"x\"}}\n"u8.ToArray(),
        "latin1.jsonl" => [.. "{\"Status\":\"caf"u8, 0xE9, .. "\"}\n"u8],
        "wide.csv" => Encoding.UTF8.GetBytes($"Status,{string.Join(',', Enumerable.Range(0, 2000))}\n"),
        "bomb.csv.gz" => DatasetFixture.Gzip([.. "Status,Age,Income,Home\n"u8, .. new byte[80 << 20].Select(_ => (byte)'\n')]),
        "utf16.csv" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Status,Age,Income,Home\ngood,30,100,own\n"), (byte)'x'],
        "data.xlsx" => "PK"u8.ToArray(),
        "cut.csv.gz" => [0x1F, 0x8B],
        "zipped.csv" => [0x1F, 0x8B, 0, 0],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such bad file."),
    };

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_DefinitionNamingSeveralMissingColumns_NamesAllOfThem()
    {
        var built = await fixture.BuildAsync(
            $"{DatasetFixture.Definition}\nsensitive: [Gender, Age]\ntraining: {{ split: {{ time: Opened }} }}", fixture.Add("a.csv", DatasetFixture.Csv(300)));

        var refusal = Assert.Single(built.Result.Sources[0].Refusals);
        Assert.Equal(
            "The file has no column 'Opened', by which the definition splits rows, nor 'Gender', which the definition calls sensitive, so that evaluation slices by it; "
                + "found 'Status', 'Age', 'Income', 'Home'.",
            refusal.Reason);
    }

    [Fact]
    public async Task BuildAsync_FileWithoutAHeader_IsRefusedWithoutQuotingItsFirstRow()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", "Jane Doe,12 High Street,1985-03-04,good\nJohn Roe,1 Low Road,1990-01-01,bad\n"));

        var refusal = Assert.Single(built.Result.Sources[0].Refusals);
        Assert.Contains("its first line has 4 values, some of them numbers or dates", refusal.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Jane", refusal.Reason + refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_TargetThatWasMasked_SaysThatMaskingIsTheCause()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition.Replace("binary", "multiclass", StringComparison.Ordinal).Replace(", positive: bad", "", StringComparison.Ordinal),
            fixture.Add("a.csv", DatasetFixture.Csv(300, change: (i, f) => [$"person{i % 3}@example.com", f[1], f[2], f[3]])));

        Assert.Contains(built.Result.Refusals, r => r.Remedy.Contains("were taken for direct identifiers and masked", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task BuildAsync_BadFile_IsRefusedAndDoesNotStopTheGoodOne(string name, string expected)
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add(name, BadContent(name)), fixture.Add("good.csv", DatasetFixture.Csv(300)));

        var bad = built.Result.Sources[0];
        Assert.False(bad.IsAccepted);
        Assert.Contains(expected, bad.Refusals[0].Reason, StringComparison.Ordinal);
        Assert.NotEmpty(bad.Refusals[0].Remedy);
        Assert.True(built.Result.Sources[1].IsAccepted);
        Assert.Equal(300, built.Manifest.Rows);
        Assert.Equal(["credit-risk/good.csv"], built.Manifest.Sources.Select(s => s.Name));
        var alone = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("good.csv", DatasetFixture.Csv(300)));
        Assert.Equal(alone.Manifest.Version, built.Manifest.Version);
        Assert.Equal(File.ReadAllBytes(alone.Data), File.ReadAllBytes(built.Data));
    }

    private static byte[] Noise()
    {
        var noise = new byte[10_000];
        new Random(3).NextBytes(noise);
        return noise;
    }
}
