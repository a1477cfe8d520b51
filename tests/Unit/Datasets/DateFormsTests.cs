using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

public sealed class DateFormsTests
{
    [Theory]
    [InlineData("2024-01-31", "1 as yyyy-MM-dd")]
    [InlineData("2024-01-31T10:00:00Z", "1 as yyyy-MM-dd")]
    [InlineData("2024/1/31 10:00", "1 as yyyy/MM/dd")]
    [InlineData("31.1.2024", "1 as dd.MM.yyyy")]
    [InlineData("31-01-2024", "1 as dd-MM-yyyy")]
    [InlineData("31/01/2024", "1 as dd/MM/yyyy")]
    [InlineData("01/31/2024 10:00", "1 as MM/dd/yyyy")]
    [InlineData("01/02/2024", "1 as dd/MM/yyyy or MM/dd/yyyy")]
    [InlineData("2024-13-01", "")]
    [InlineData("31/31/2024", "")]
    [InlineData("2024-01-311", "")]
    [InlineData("20240131", "")]
    [InlineData("1.2.3.4", "")]
    [InlineData("192.168.1.1", "")]
    [InlineData("own", "")]
    [InlineData("+1/02/2024", "")]
    [InlineData("--------", "")]
    public void Count_Value_KnowsItsForm(string value, string expected)
    {
        var forms = new DateForms();
        forms.Count(Encoding.UTF8.GetBytes(value));

        Assert.Equal(expected, forms.ToString());
        Assert.Equal(expected.Length > 0 ? 1 : 0, forms.Dates);
    }

    [Theory]
    [InlineData("13/08/2021", true)]
    [InlineData("8/13/2021 10:00", true)]
    [InlineData("01/02/2024", true)]
    [InlineData("2024/02/01", false)]
    [InlineData("13.08.2021", false)]
    [InlineData("31/31/2024", false)]
    [InlineData("own", false)]
    public void IsSlashed_Value_SaysWhetherItIsADateThatIsNotRead(string value, bool expected)
    {
        Assert.Equal(expected, DateForms.IsSlashed(Encoding.UTF8.GetBytes(value)));
        if (expected) Assert.False(ValueParser.TryDate(Encoding.UTF8.GetBytes(value), out _));
    }

    [Theory]
    [InlineData(false, "2024-01-31", "2024-02-01T10:00:00")]
    [InlineData(false, "01/02/2024", "31/01/2024")]
    [InlineData(false, "01/02/2024", "01/31/2024")]
    [InlineData(true, "31/01/2024", "01/31/2024")]
    [InlineData(true, "01/02/2024", "2024-01-31")]
    [InlineData(true, "31.01.2024", "2024-01-31")]
    public void AreMixed_Dates_SaysWhetherTheirFormsDiffer(bool expected, params string[] values)
    {
        var forms = values.Select(v =>
        {
            var one = new DateForms();
            one.Count(Encoding.UTF8.GetBytes(v));
            return one;
        });

        Assert.Equal(expected, DateForms.Sum(forms).AreSeveral);
        Assert.Equal(expected, DateForms.Sum(forms).AreMixed);
        Assert.False(DateForms.Sum([.. forms, .. Enumerable.Repeat(forms, 50).SelectMany(f => f.Take(1))]).AreMixed);
    }
}
