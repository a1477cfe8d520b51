using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

public sealed class NumberFormsTests
{
    [Theory]
    [InlineData("1.234,56", "decimal comma")]
    [InlineData("1000,50", "decimal comma")]
    [InlineData("12,345.67", "decimal comma")]
    [InlineData("€12.30", "decimal comma")]
    [InlineData("12.3%", "decimal comma")]
    [InlineData("1 234,56 EUR", "decimal comma")]
    [InlineData("USD -12.30", "decimal comma")]
    [InlineData("14/03/2010", "yyyy-MM-dd")]
    [InlineData("01/02/2010", "yyyy-MM-dd")]
    [InlineData("inf", "1e38")]
    [InlineData("1e400", "1e38")]
    public void Remark_ColumnOfWhatIsNotReadAsMeant_SaysWhatToDo(string value, string expected) =>
        Assert.Contains(expected, NumberForms.Remark(Survey(value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("12.5")]
    [InlineData("own")]
    [InlineData("2010-03-14")]
    [InlineData("A1")]
    [InlineData("12 months")]
    [InlineData("1.2.3.4")]
    [InlineData("APP-001234")]
    [InlineData("ATM 12")]
    [InlineData("12 XYZ")]
    public void Remark_ColumnOfAnythingElse_IsNull(string value) => Assert.Null(NumberForms.Remark(Survey(value)));

    private static ColumnSurvey Survey(string value)
    {
        var survey = new ColumnSurvey();
        for (var i = 0; i < 20; i++)
        {
            survey.Count(Encoding.UTF8.GetBytes(value));
        }

        return survey;
    }
}
