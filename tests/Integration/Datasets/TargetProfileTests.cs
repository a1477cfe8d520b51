using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>The target's own profile, and its comparison with the version before.</summary>
public sealed class TargetProfileTests : IDisposable
{
    private const string Several = "model: credit-risk\ntask: multiclass-classification\ntarget: { column: Status }\n";
    private const string Number = "model: credit-risk\ntask: regression\ntarget: { column: Status }\n";

    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_TwoClasses_AreProfiledBesideTheFeatures()
    {
        var built = await BuildAsync(DatasetFixture.Definition, 900, i => i % 3 == 0 ? "bad" : "good");

        var target = Assert.IsType<ColumnProfile>(built.Profile.Target);
        Assert.Equal(("Status", ColumnKind.Category, 900L, 0L, 2L, null), (target.Name, target.Kind, target.Count, target.Missing, target.Distinct, target.Role));
        Assert.Equal([new CategoryCount("good", 600), new CategoryCount("bad", 300)], target.TopCategories);
        Assert.Equal(["Age", "Income", "Home"], built.Profile.Columns.Select(c => c.Name));
        Assert.Equal(["Age", "Home", "Income"], built.Result.Contract!.Columns.Keys.Order());
        Assert.Contains("<b>Status</b><br><span class=\"badge\">target</span>", await PageAsync(built), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_MoreClassesThanAreListedOfAFeature_AreAllInTheProfile()
    {
        var built = await BuildAsync(Several, 2_000, i => $"class {i % 40}");

        Assert.Equal(40, built.Profile.Target!.TopCategories!.Count);
        Assert.All(built.Profile.Target.TopCategories, c => Assert.Equal(50, c.Count));
    }

    [Fact]
    public async Task BuildAsync_NumberToPredict_IsProfiledAsANumberIs()
    {
        var built = await BuildAsync(Number, 1_000, i => (i * 0.5).ToString(CultureInfo.InvariantCulture));

        var target = built.Profile.Target!;
        Assert.Equal((ColumnKind.Number, 1_000L, 1_000L), (target.Kind, target.Count, target.Distinct));
        Assert.Equal((0.5, 500.0), (target.Numbers!.Min, target.Numbers.Max));
        Assert.Equal(250.25, target.Numbers.Quantiles.Single(q => q.Probability == 0.5).Value);
        Assert.Equal((1_000L, 1_000L), (target.Histogram!.Counts.Sum(), target.Bands!.Counts.Sum()));
        Assert.Null(target.TopCategories);
    }

    [Fact]
    public async Task BuildAsync_BadRateDoublesAndFeaturesDoNot_ReportsTheTargetShifted()
    {
        var next = await NextAsync(DatasetFixture.Definition, 3_000, i => i % 100 < 28 ? "bad" : "good", i => i % 100 < 56 ? "bad" : "good");

        var target = next.Comparison!.Target!;
        Assert.True(target.HasShifted);
        Assert.Equal([("bad", 0.28, 0.56), ("good", 0.72, 0.44)], target.Classes!.Select(c => (c.Value, c.Before, c.After)));
        Assert.InRange(target.Stability!.Value, 0.32, 0.34); // 0.28·ln(0.56/0.28) − 0.28·ln(0.44/0.72) = 0.332
        Assert.All(next.Comparison.Columns, c => Assert.False(c.HasShifted));
        var page = await PageAsync(next);
        Assert.Contains("<b>The target shifted:</b> Status (bad 28% → 56%, good 72% → 44%)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("has shifted.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_RareClassDoubles_ReportsTheTargetShiftedThoughTheIndexIsSmall()
    {
        var next = await NextAsync(DatasetFixture.Definition, 4_000, i => i % 100 < 5 ? "bad" : "good", i => i % 100 < 10 ? "bad" : "good");

        Assert.True(next.Comparison!.Target!.HasShifted);
        Assert.InRange(next.Comparison.Target.Stability!.Value, 0.03, 0.05);
    }

    [Fact]
    public async Task BuildAsync_ClassThatIsNewAndOneThatIsGone_AreBothNamed()
    {
        var next = await NextAsync(Several, 900, i => i % 3 == 0 ? "a" : "b", i => i % 3 == 0 ? "c" : "b");

        Assert.True(next.Comparison!.Target!.HasShifted);
        Assert.Equal([("b", true, true), ("c", false, true), ("a", true, false)], next.Comparison.Target.Classes!.Select(c => (c.Value, c.Before > 0, c.After > 0)));
    }

    [Fact]
    public async Task BuildAsync_NumberToPredictMoves_ReportsTheTargetShifted()
    {
        var next = await NextAsync(Number, 2_000, i => $"{i % 1000}", i => $"{(i % 1000) + 300}");

        var target = next.Comparison!.Target!;
        Assert.True(target.HasShifted);
        Assert.InRange(target.MeanShift!.Value, 1.0, 1.1);
        var median = target.Quantiles!.Single(q => q.Probability == 0.5);
        Assert.Equal((499.5, 799.5), (median.Before, median.After));
        Assert.Contains("<b>The target shifted:</b> Status (5% quantile 49.95 → 349.95, median 499.5 → 799.5, ", await PageAsync(next), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatasetFixture.Definition, "The target Status has not shifted: bad 33.33% → 33.33%, good 66.67% → 66.67%.")]
    [InlineData(Number, "The target Status has not shifted: 5% quantile ")]
    public async Task BuildAsync_TargetAsBefore_SaysThatNeitherItNorTheColumnsShifted(string definition, string said)
    {
        Func<int, string> value = definition == Number ? i => $"{i % 700}" : i => i % 3 == 0 ? "bad" : "good";

        var next = await NextAsync(definition, 3_000, value, value);

        Assert.False(next.Comparison!.Target!.HasShifted);
        var page = await PageAsync(next);
        Assert.Contains("The columns are the same, and neither the target, Status, nor any of them has shifted.", page, StringComparison.Ordinal);
        Assert.Contains(said, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_VersionBeforeOfAnOlderRelease_ComparesTheColumnsAlone()
    {
        var first = await BuildAsync(DatasetFixture.Definition, 900, i => i % 3 == 0 ? "bad" : "good");
        var old = JsonNode.Parse(first.Profile.ToJson())!.AsObject();
        Assert.True(old.Remove("target"));
        var previous = DatasetProfile.FromJson(Encoding.UTF8.GetBytes(old.ToJsonString()));

        var next = await BuildAsync(DatasetFixture.Definition, 900, i => i % 3 == 0 ? "good" : "bad", previous, seed: 2);

        Assert.Null(next.Comparison!.Target);
        Assert.Equal(3, next.Comparison.Columns.Count);
        var page = await PageAsync(next);
        Assert.Contains("The columns are the same, and none has shifted.", page, StringComparison.Ordinal);
        Assert.Contains("The target was not compared: the version before has no profile of Status.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_NumbersWithDecimals_AreWrittenAsInTheFileAndCountedAsWhatTheyAre()
    {
        // As floats the first is less than as written, the second more.
        Func<int, string> value = i => (i % 10) switch { 0 or 8 => "298.06", 9 => "512.1", _ => "0.3" };
        var first = await BuildAsync(Number, 1_000, value);

        var json = await File.ReadAllTextAsync(Path.Combine(first.Folder, DatasetBuilder.ProfileFile), TestContext.Current.CancellationToken);
        var target = first.Profile.Target!;
        Assert.Equal((0.3, 512.1), (target.Numbers!.Min, target.Numbers.Max));
        Assert.Contains("298.06\n", json.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("298.0599", json, StringComparison.Ordinal);
        Assert.Equal(700, target.Bands!.Counts[0]);

        var exact = target.Bands with { Edges = [.. target.Bands.Edges.Select(e => (double)(float)e)] };
        foreach (var bands in (ValueBands[])[target.Bands, exact])
        {
            var next = await BuildAsync(Number, 1_000, value, first.Profile with { Target = target with { Bands = bands } }, seed: 2);
            Assert.Equal(0, next.Comparison!.Target!.Stability!.Value, 12);
        }
    }

    private static async Task<string> PageAsync(BuiltDataset built) =>
        await File.ReadAllTextAsync(Path.Combine(built.Folder, DatasetBuilder.PageFile), TestContext.Current.CancellationToken);

    /// <summary>A version after another whose features are distributed alike.</summary>
    private async Task<BuiltDataset> NextAsync(string definition, int rows, Func<int, string> before, Func<int, string> after) =>
        await BuildAsync(definition, rows, after, (await BuildAsync(definition, rows, before)).Profile, seed: 2);

    private Task<BuiltDataset> BuildAsync(string definition, int rows, Func<int, string> target, DatasetProfile? previous = null, int seed = 1) => fixture.BuildAsync(
        new DatasetBuilder { Previous = previous },
        definition,
        fixture.Add("a.csv", DatasetFixture.Csv(rows, seed, change: (i, f) => [target(i), f[1], f[2], f[3]])));
}
