using System.Globalization;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class SensitiveGroupsTests
{
    [Fact]
    public void Of_Numbers_CutsFourBandsOfEqualCount()
    {
        var groups = SensitiveGroups.Of([.. Enumerable.Range(18, 80).Reverse().Select(Text)], 20);

        Assert.Equal(["18 to 37", "38 to 57", "58 to 77", "78 to 97"], groups.Select(g => g.Group));
        Assert.All(groups, g => Assert.Equal(20, g.Rows.Length));
    }

    [Fact]
    public void Of_FewNumbers_MakesBandsNoSmallerThanAsked()
    {
        Assert.Equal([25, 25], SensitiveGroups.Of([.. Enumerable.Range(0, 50).Select(Text)], 20).Select(g => g.Rows.Length));
    }

    [Fact]
    public void Of_EqualNumbers_StayInOneBandAndLeaveNoSmallOne()
    {
        var groups = SensitiveGroups.Of([.. Enumerable.Range(0, 100).Select(i => Text(i < 70 ? 30 : i))], 20);

        Assert.Equal(["30", "70 to 99"], groups.Select(g => g.Group));
        Assert.Equal([70, 30], groups.Select(g => g.Rows.Length));
    }

    [Fact]
    public void Of_MissingValues_AreAGroupOfTheirOwn()
    {
        var groups = SensitiveGroups.Of(["b", "", "a", "b", ""], 1);

        Assert.Equal(["a", "b", SensitiveGroups.Missing], groups.Select(g => g.Group));
        Assert.Equal([1, 4], groups[2].Rows);
    }

    [Fact]
    public void Of_FewDifferentNumbers_AreCategories()
    {
        Assert.Equal(["0", "1"], SensitiveGroups.Of([.. Enumerable.Range(0, 90).Select(i => Text(i % 2))], 20).Select(g => g.Group));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_AnyColumn_PutsEachRowInOneGroup(int kind)
    {
        var random = new Random(kind);
        string[] values = [.. Enumerable.Range(0, 300).Select(_ => random.Next(9) == 0 ? "" : kind == 1 ? Text(random.Next(40)) : $"c{random.Next(40)}")];

        Assert.Equal(Enumerable.Range(0, 300), SensitiveGroups.Of(values, 20).SelectMany(g => g.Rows).Order());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
