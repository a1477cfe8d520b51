using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Datasets;

public sealed class RoleInferenceTests
{
    [Theory]
    [InlineData("yes no YES No ,", ColumnKind.Boolean)]
    [InlineData("t F f", ColumnKind.Boolean)]
    [InlineData("0 1 1.0 0", ColumnKind.Number)]
    [InlineData("yes yes", ColumnKind.Category)]
    [InlineData("yes no perhaps", ColumnKind.Category)]
    [InlineData("y n t f", ColumnKind.Category)]
    [InlineData("no true", ColumnKind.Category)]
    [InlineData("2024-01-31 2023-12-01 NA", ColumnKind.Date)]
    [InlineData("31.1.2024 1.12.2023", ColumnKind.Date)]
    [InlineData("2024-01-31T23:10 2023-12-01T00:00:00.123Z", ColumnKind.Date)]
    [InlineData("01/02/2024 03/04/2024", ColumnKind.Category)]
    [InlineData("2024-02-31 2024-02-30", ColumnKind.Category)]
    [InlineData("2024 2023", ColumnKind.Number)]
    public void KindOf_Values_IsInferred(string values, ColumnKind expected) => Assert.Equal(expected, RoleInference.KindOf(Survey(values.Split(' ')), null));

    [Theory]
    [InlineData(ColumnRole.Categorical, ColumnKind.Category)]
    [InlineData(ColumnRole.Numeric, ColumnKind.Number)]
    [InlineData(ColumnRole.Boolean, ColumnKind.Number)]
    [InlineData(ColumnRole.Text, ColumnKind.Text)]
    public void KindOf_ToldRole_IsWhatIsTold(ColumnRole role, ColumnKind expected) => Assert.Equal(expected, RoleInference.KindOf(Survey(["0", "1"]), role));

    [Fact]
    public void ReasonAgainst_NumbersThatRiseByOne_IsLikeAnIdentifier()
    {
        var rising = Enumerable.Range(0, 200).Select(i => (123_456_789_000 + i).ToString(CultureInfo.InvariantCulture)).ToArray();
        var ages = Enumerable.Range(0, 200).Select(i => (18 + (i % 60)).ToString(CultureInfo.InvariantCulture)).Order().ToArray();

        Assert.Equal("like an identifier: 199 of 200 values are one more than the value before", RoleInference.ReasonAgainst(Survey(rising), null));
        Assert.Null(RoleInference.ReasonAgainst(Survey(rising), ColumnRole.Numeric));
        Assert.Null(RoleInference.ReasonAgainst(Survey(rising[..90]), null));
        Assert.Null(RoleInference.ReasonAgainst(Survey(ages), null));
        Assert.Equal("an identifier, as the definition says", RoleInference.ReasonAgainst(Survey(ages), ColumnRole.Identifier));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(53)]
    [InlineData(100)]
    public void ReasonAgainst_NumbersThatStartAgain_AreNone(int period)
    {
        var hours = Enumerable.Range(0, 600).Select(i => (1 + (i % period)).ToString(CultureInfo.InvariantCulture)).ToArray();
        var files = Enumerable.Range(0, 3).Select(_ => Survey([.. Enumerable.Range(1, 200).Select(i => i.ToString(CultureInfo.InvariantCulture))]));

        Assert.Null(RoleInference.ReasonAgainst(Survey(hours), null));
        Assert.StartsWith("like an identifier: 597 of 600 ", RoleInference.ReasonAgainst(ColumnSurvey.Sum(files), null), StringComparison.Ordinal);
    }

    [Fact]
    public void ReasonAgainst_DatesInTwoForms_SaysWhichUnlessToldToTakeThemAsTheyAre()
    {
        var mixed = Survey(["2024-01-31", "31.01.2024"]);

        Assert.StartsWith("dates in more than one format", RoleInference.ReasonAgainst(mixed, null), StringComparison.Ordinal);
        Assert.Null(RoleInference.ReasonAgainst(mixed, ColumnRole.Date));
        Assert.Null(RoleInference.ReasonAgainst(mixed, ColumnRole.Categorical));
        Assert.Null(RoleInference.ReasonAgainst(Survey([.. Enumerable.Repeat("2024-01-31", 19), "31.01.2024"]), null));
    }

    [Theory]
    [InlineData("2024-01-31", "31.01.2024", false)]
    [InlineData("2024-01-31", "31/01/2024", true)]
    [InlineData("2024-01-31", "01/02/2024", true)]
    public void ReasonAgainst_DatesInTwoForms_AdvisesTheRoleOnlyWhereAllOfThemAreRead(string one, string other, bool isSlashed)
    {
        var reason = RoleInference.ReasonAgainst(Survey([one, other]), null);
        var remark = RoleInference.DatesRemark(Survey([one, other]), ColumnKind.Date);

        Assert.Equal(!isSlashed, reason!.Contains("or write its role, 'date'", StringComparison.Ordinal));
        Assert.Equal(isSlashed, reason.EndsWith("write all of them as yyyy-MM-dd: those with slashes and the year at the end can be read in two ways, and are not read", StringComparison.Ordinal));
        Assert.Contains(
            isSlashed
                ? "; those with slashes and the year at the end can be read in two ways, and are not read, so that rows with one were refused; any other was read by its own form; write"
                : "; each was read by its own form; write",
            remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the loan was paid late", true)]
    [InlineData("12 High Street London", true)]
    [InlineData("own house", false)]
    [InlineData("1 2 3 4 5", false)]
    [InlineData("a-b-c-d", false)]
    public void HasWords_Texts_NeedThreeInTheMean(string text, bool expected) => Assert.Equal(expected, RoleInference.HasWords(Survey([text, text])));

    [Fact]
    public void Sum_OfTwoFiles_SeesBoth()
    {
        var sum = ColumnSurvey.Sum([Survey(["yes"]), Survey(["no", "NO"])]);

        Assert.Equal(ColumnKind.Boolean, RoleInference.KindOf(sum, null));
        Assert.Equal(3, sum.Values);
    }

    private static ColumnSurvey Survey(IEnumerable<string> values)
    {
        var survey = new ColumnSurvey();
        foreach (var value in values) survey.Count(Encoding.UTF8.GetBytes(value.Trim(',')));
        return survey;
    }
}
