using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Contracts;

namespace Serverless.Tests.Unit.Datasets.Contracts;

public sealed class ContractInferenceTests
{
    [Theory]
    [InlineData(5000, 18, 80, 0, 142)]
    [InlineData(500, 18, 80, 0, 204)]       // half as many rows as are enough: twice the slack
    [InlineData(5000, -10, 10, -30, 30)]
    [InlineData(5000, 0, 1, 0, 2)]
    public void Infer_Numbers_AllowsTheWidthOfTheirRangeBeyond(long rows, double min, double max, double least, double most)
    {
        var age = Infer(rows, Numbers("Age", rows, min, max)).Columns["Age"];

        Assert.Equal((ContractType.Number, least, most), (age.Type, age.Min, age.Max));
    }

    [Theory]
    [InlineData(5000, 14_610, 19_722, "1996-01-03", "2037-12-29")]    // 2010-01-01 to 2023-12-31: by its width
    [InlineData(5000, 19_722, 19_722, "2013-12-30", "2033-12-31")]    // one day: by ten years
    public void Infer_Dates_AllowsTheWidthOfTheirRangeAndTenYearsAtLeast(long rows, double min, double max, string earliest, string latest)
    {
        var opened = Infer(rows, Numbers("Opened", rows, min, max) with { Kind = ColumnKind.Date }).Columns["Opened"];

        Assert.Equal((ContractType.Date, earliest, latest), (opened.Type, $"{opened.Earliest:yyyy-MM-dd}", $"{opened.Latest:yyyy-MM-dd}"));
    }

    [Theory]
    [InlineData("2010-01-01", Breach.None)]
    [InlineData("2023-12-31T23:59:59", Breach.None)]
    [InlineData("2009-12-31", Breach.TooEarly)]
    [InlineData("9999-12-31", Breach.TooLate)]
    [InlineData("soon", Breach.NoDate)]
    public void Check_Dates_AreHeldToTheirRange(string value, object breach)
    {
        var rule = new ColumnRule("Opened", new ColumnContract { Type = ContractType.Date, Earliest = new DateOnly(2010, 1, 1), Latest = new DateOnly(2023, 12, 31) });
        rule.Count(System.Text.Encoding.UTF8.GetBytes(value));

        Assert.Equal(!Equals(breach, Breach.None), rule.Enforce(1));
        Assert.Equal(breach, rule.Check(System.Text.Encoding.UTF8.GetBytes(value)));
    }

    [Fact]
    public void Infer_OneNumberOnly_HasNoRange()
    {
        var constant = Infer(5000, Numbers("Age", 5000, 7, 7)).Columns["Age"];

        Assert.Equal((null, null), (constant.Min, constant.Max));
    }

    [Theory]
    [InlineData(5000, 0, 0.011)]
    [InlineData(5000, 500, 0.211)]
    [InlineData(100, 0, 0.06)]
    [InlineData(100, 70, 1.0)]
    public void Infer_MissingValues_AllowsTwiceTheirShareAndOnePercent(long rows, long missing, double allowed) =>
        Assert.Equal(allowed, Infer(rows, Numbers("Age", rows - missing, 18, 80) with { Missing = missing }).Columns["Age"].Missing);

    [Fact]
    public void Infer_FewCategories_AreListed()
    {
        var home = Infer(5000, Categories("Home", 5000, ["rent", "own"])).Columns["Home"];

        Assert.Equal(["own", "rent"], home.Values!);
        Assert.Equal(0.021, home.Unseen);
    }

    [Fact]
    public void Infer_ManyCategories_AreNot()
    {
        var city = Infer(5000, Categories("City", 5000, [.. Enumerable.Range(0, 20).Select(i => $"c{i}")]) with { Distinct = 400 }).Columns["City"];

        Assert.Null(city.Values);
    }

    [Fact]
    public void Infer_TextsThatNeverRepeat_MustNot() =>
        Assert.True(ContractInference.Infer("m", new DatasetProfile("v", 5000, []), new HashSet<string> { "Id" }).Columns["Id"].Unique);

    private static DataContract Infer(long rows, ColumnProfile column) =>
        ContractInference.Infer("m", new DatasetProfile("v", rows, [column]), new HashSet<string>());

    private static ColumnProfile Numbers(string name, long count, double min, double max) =>
        new(name, ColumnKind.Number, count, 0, count, new NumberProfile(min, max, (min + max) / 2, 1, []), null);

    private static ColumnProfile Categories(string name, long count, string[] values) =>
        new(name, ColumnKind.Category, count, 0, values.Length, null, [.. values.Select(v => new CategoryCount(v, count / values.Length))]);
}
