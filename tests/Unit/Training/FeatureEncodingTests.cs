using System.Text.Json;
using Serverless.Platform.Datasets;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class FeatureEncodingTests
{
    private static readonly FeatureColumn Home = new("Home", ColumnKind.Category);
    private static readonly FeatureColumn Income = new("Income", ColumnKind.Number);

    [Fact]
    public void Learn_Categories_KeepsTheFrequentOnesInAFixedOrder()
    {
        string[] homes = [.. Of("rent", 7), .. Of("owner", 9), .. Of("", 7), .. Of("boat", 4)];

        Assert.Equal(["owner", "", "rent"], Learn(homes).Columns[0].Categories);
        Assert.Equal(["owner", "", "rent"], Learn([.. homes.Reverse()]).Columns[0].Categories);
    }

    [Fact]
    public void Learn_ManyCategories_KeepsTheMostFrequent()
    {
        string[] homes = [.. Enumerable.Range(0, 100).SelectMany(i => Of($"c{i:D2}", 5 + i))];

        var categories = Learn(homes).Columns[0].Categories;

        Assert.Equal(FeatureEncoding.MostCategories, categories.Count);
        Assert.Equal(("c99", "c36"), (categories[0], categories[^1]));
    }

    [Fact]
    public void Encode_ColumnOfManyCategories_PutsItsRateBeforeItsCategories()
    {
        var rates = new CategoryRates(["boat", "owner"], [0.9f, 0.2f], 0.3f);
        var encoding = new FeatureEncoding([new("Home", ColumnKind.Category, ["owner"], rates), new("Income", ColumnKind.Number, [])]);
        var table = new FeatureTable([Home, Income], [new[] { "owner", "boat", "tent" }, new[] { 5f, 6f, 7f }], 3);

        Assert.Equal([5, 0.2f, 1, 6, 0.9f, 0, 7, 0.3f, 0], encoding.Encode(table).Values);
    }

    [Fact]
    public void Encode_MissingNumber_CountsAsTheMedianUnlessTrainingRowsLackedIt()
    {
        float[] Incomes(int missing) => [.. Enumerable.Repeat(float.NaN, missing), 1e38f * 2, .. Enumerable.Range(0, 100).Select(i => (float)i)];
        var columns = new[] { Income };

        var (few, many) = (Learned(4 - 1), Learned(5));

        Assert.Equal(new TypicalValue(49, LearnsMissing: false), few.Columns[0].Typical);
        Assert.Equal(new TypicalValue(49, LearnsMissing: true), many.Columns[0].Typical);
        Assert.Equal([49, 7, 49], few.Encode(new FeatureTable(columns, [new[] { float.NaN, 7f, float.PositiveInfinity }], 3)).Values);
        Assert.Equal([float.NaN, 7, float.NaN], many.Encode(new FeatureTable(columns, [new[] { float.NaN, 7f, float.PositiveInfinity }], 3)).Values);
        Assert.Null(FeatureEncoding.Learn(RowsOf(columns, [new[] { float.NaN, float.NaN }], 2)).Columns[0].Typical);

        FeatureEncoding Learned(int missing) => FeatureEncoding.Learn(RowsOf(columns, [Incomes(missing)], 101 + missing));
    }

    [Fact]
    public void Encode_MissingBooleanOrDate_CountsAsTheUsualOne()
    {
        FeatureColumn[] columns = [new("Member", ColumnKind.Boolean), new("Opened", ColumnKind.Date)];
        var encoding = FeatureEncoding.Learn(RowsOf(columns, [new[] { "yes", "no", "no" }, new[] { 10f, 31f, 400f }], 3));

        var encoded = encoding.Encode(new FeatureTable(columns, [new[] { "", "YES", "perhaps" }, new[] { float.NaN, 31f, 4_000_000f }], 3));

        Assert.Equal([0, 31, 2, 7, 1], encoded.Row(0).ToArray());
        Assert.Equal([1, 31, 2, 7, 1], encoded.Row(1).ToArray());
        Assert.Equal(encoded.Row(0).ToArray(), encoded.Row(2).ToArray());
    }

    [Fact]
    public void Learn_ManyCategories_GivesEachTheShareOfRowsThatHaveIt()
    {
        string[] homes = [.. Enumerable.Range(0, 20).SelectMany(i => Of($"c{i:D2}", 1 + i))];
        var shares = Learn(homes).Columns[0].Shares!;

        Assert.Equal(["c01", "c19"], [shares.Known[0], shares.Known[^1]]);
        Assert.Equal([1 / 210f, 2 / 210f, 20 / 210f, 1 / 210f], shares.ToFeature(["c00", "c01", "c19", "never seen"]));
        Assert.Null(Learn([.. Enumerable.Range(0, 12).SelectMany(i => Of($"c{i:D2}", 9))]).Columns[0].Shares);
    }

    [Fact]
    public void EncodeTraining_CategoryOfOneRow_DoesNotShowItsOwnLabel()
    {
        string[] homes = [.. Enumerable.Range(0, 400).Select(i => $"h{i / 2}")];
        float[] labels = [.. Enumerable.Range(0, 400).Select(i => i % 4 < 2 ? 1f : 0f)];
        var rows = Rows(homes) with { Labels = labels };

        var encoding = FeatureEncoding.Learn(rows);
        var seen = encoding.Encode(rows.Features);
        var trained = encoding.EncodeTraining(rows);

        // Each category has two equal labels: learned from itself the rate gives the label away, learned from the others only a twin can.
        Assert.True(Gap(seen) > 0.15, $"{Gap(seen)}");
        Assert.True(Gap(trained) < Gap(seen), $"{Gap(trained)}");

        double Gap(DenseMatrix matrix) =>
            Enumerable.Range(0, 400).Where(r => labels[r] == 1).Average(r => matrix.Row(r)[0])
            - Enumerable.Range(0, 400).Where(r => labels[r] == 0).Average(r => matrix.Row(r)[0]);
    }

    [Fact]
    public void Encode_MixedColumns_PutsNumbersFirst()
    {
        var encoding = new FeatureEncoding([new("Home", ColumnKind.Category, ["owner", ""]), new("Income", ColumnKind.Number, [])]);
        var table = new FeatureTable([Home, Income], [new[] { "owner", "", "boat" }, new[] { 5f, float.NaN, -3f }], 3);

        var matrix = encoding.Encode(table);

        Assert.Equal((3, 3), (matrix.Rows, matrix.Columns));
        Assert.Equal([5, 1, 0, float.NaN, 0, 1, -3, 0, 0], matrix.Values);
    }

    [Fact]
    public void Encode_ExtremeNumbers_AreMissing()
    {
        var encoding = new FeatureEncoding([new("Income", ColumnKind.Number, [])]);
        float[] numbers = [float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, 1e38f, -1e38f, float.Epsilon];

        var matrix = encoding.Encode(new FeatureTable([Income], [numbers], 6));

        Assert.Equal([float.NaN, float.NaN, float.NaN, 1e38f, -1e38f, float.Epsilon], matrix.Values);
    }

    [Fact]
    public void Encode_ColumnsInAnotherOrder_FindsThemByName()
    {
        var encoding = new FeatureEncoding([new("Home", ColumnKind.Category, ["owner"]), new("Income", ColumnKind.Number, [])]);
        var table = new FeatureTable([Income, new("Note", ColumnKind.Category), Home], [new[] { 5f }, new[] { "x" }, new[] { "owner" }], 1);

        Assert.Equal([5, 1], encoding.Encode(table).Values);
    }

    [Fact]
    public void Encode_UnfitTable_NamesEveryProblem()
    {
        var encoding = new FeatureEncoding([new("Home", ColumnKind.Category, []), new("Income", ColumnKind.Number, [])]);

        var fault = Assert.Throws<ArgumentException>(() => encoding.Encode(new FeatureTable([new("Income", ColumnKind.Category)], [new[] { "5" }], 1)));

        Assert.Contains("column 'Home' (Category) is missing; column 'Income' is Category, expected Number", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_RoundTrip_KeepsTheEncoding()
    {
        var encoding = Learn([.. Of("rent", 7), .. Of("", 6)]);

        var read = JsonSerializer.Deserialize<FeatureEncoding>(JsonSerializer.Serialize(encoding, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;

        Assert.Equal(encoding.Columns[0].Categories, read.Columns[0].Categories);
        Assert.Equal((encoding.Columns[0].Name, encoding.Columns[0].Kind), (read.Columns[0].Name, read.Columns[0].Kind));
    }

    private static FeatureEncoding Learn(string[] homes) => FeatureEncoding.Learn(Rows(homes));

    private static LabeledTable RowsOf(FeatureColumn[] columns, Array[] values, int rows) => new(
        new FeatureTable(columns, values, rows), new float[rows], [.. Enumerable.Range(0, rows).Select(r => (ulong)r)], new Dictionary<string, string[]>());

    private static LabeledTable Rows(string[] homes) => new(
        new FeatureTable([Home], [homes], homes.Length),
        [.. homes.Select(h => h.Length % 2 == 0 ? 1f : 0f)],
        [.. homes.Index().Select(h => (ulong)h.Index)],
        new Dictionary<string, string[]>());

    private static IEnumerable<string> Of(string category, int count) => Enumerable.Repeat(category, count);
}
