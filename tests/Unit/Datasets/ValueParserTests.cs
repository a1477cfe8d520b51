using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

public sealed class ValueParserTests
{
    [Theory]
    [InlineData("0", 0f)]
    [InlineData("42", 42f)]
    [InlineData("-0.5", -0.5f)]
    [InlineData("+3", 3f)]
    [InlineData("1e5", 100000f)]
    [InlineData("1E-2", 0.01f)]
    [InlineData(".5", 0.5f)]
    [InlineData("5.", 5f)]
    [InlineData("  7\t", 7f)]
    [InlineData("0.1", 0.1f)]
    [InlineData("16777217", 16777216f)]
    [InlineData("1e38", 1e38f)]
    public void TryNumber_Number_IsParsed(string text, float expected)
    {
        Assert.True(ValueParser.TryNumber(text, out var number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("1,000")]
    [InlineData("1 000")]
    [InlineData("0,5")]
    [InlineData("inf")]
    [InlineData("-inf")]
    [InlineData("Infinity")]
    [InlineData("∞")]
    [InlineData("-∞")]
    [InlineData("1.1e38")]
    [InlineData("1e39")]
    [InlineData("1e999999999999")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("(5)")]
    [InlineData("5%")]
    [InlineData("$5")]
    [InlineData("5-")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("e5")]
    [InlineData("true")]
    [InlineData("none")]
    [InlineData("1\0")]
    [InlineData("٣")]
    public void TryNumber_Text_IsRefused(string text) => Assert.False(ValueParser.TryNumber(text, out _));

    [Theory]
    [InlineData("1970-01-01", 0f)]
    [InlineData("1969-12-31", -1f)]
    [InlineData("2024-02-29 23:59:59", 19782f)]
    [InlineData("2024-02-29T00:00+02:00", 19782f)]
    [InlineData(" 29.2.2024 ", 19782f)]
    [InlineData("2024/2/29", 19782f)]
    [InlineData("29-02-2024", 19782f)]
    [InlineData("0001-01-01", -719162f)]
    [InlineData("9999-12-31", 2932896f)]
    [InlineData("NA", float.NaN)]
    [InlineData("", float.NaN)]
    public void TryDate_Date_IsDaysSince1970(string text, float expected)
    {
        Assert.True(ValueParser.TryDate(Encoding.UTF8.GetBytes(text), out var days));
        Assert.Equal(expected, days);
    }

    [Theory]
    [InlineData("2023-02-29")]
    [InlineData("0000-00-00")]
    [InlineData("2024-13-01")]
    [InlineData("01/02/2024")]
    [InlineData("2024.01.02")]
    [InlineData("24-01-02")]
    [InlineData("2024-01-02x")]
    [InlineData("2024-01-02 noon")]
    [InlineData("2024-01-02T25:00")]
    [InlineData("2024-01-")]
    [InlineData("2024-1-1-1")]
    [InlineData("20240102")]
    [InlineData("-2024-01-02")]
    [InlineData("٢٠٢٤-01-02")]
    public void TryDate_Text_IsRefused(string text) => Assert.False(ValueParser.TryDate(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData(19782f, "2024-02-29")]
    [InlineData(float.NaN, "")]
    [InlineData(1e9f, "")]
    public void DateText_Days_IsTheDate(float days, string expected) => Assert.Equal(expected, ValueParser.DateText(days));

    [Fact]
    public void Text_LongerThanTheMost_EndsBeforeACharacterThatWouldBeCut()
    {
        var text = ValueParser.Text(Encoding.UTF8.GetBytes("x" + new string('ü', ValueParser.LongestText)));

        Assert.Equal(ValueParser.LongestText - 1, text.Length);
        Assert.Equal("x" + new string('ü', (ValueParser.LongestText / 2) - 1), Encoding.UTF8.GetString(text));
    }

    [Fact]
    public void TryNumber_NegativeZero_IsZeroBitByBit()
    {
        Assert.True(ValueParser.TryNumber("-0", out var number));
        Assert.Equal(0, BitConverter.SingleToInt32Bits(number));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("NA")]
    [InlineData(" N/A ")]
    [InlineData("n/a")]
    [InlineData("#N/A")]
    [InlineData("<NA>")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("NULL")]
    [InlineData("null")]
    [InlineData("None")]
    public void Missing_IsMissingToNumbersAndCategories(string text)
    {
        Assert.True(ValueParser.IsMissing(Encoding.UTF8.GetBytes(text)));
        Assert.True(ValueParser.TryNumber(text, out var number));
        Assert.True(float.IsNaN(number));
        Assert.Equal("", ValueParser.Category(text));
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("na", "na")]
    [InlineData("Na", "Na")]
    [InlineData(" own er ", "own er")]
    [InlineData("0", "0")]
    [InlineData("é", "é")]
    public void Category_Value_IsTrimmedAndKept(string text, string expected) => Assert.Equal(expected, ValueParser.Category(text));
}
