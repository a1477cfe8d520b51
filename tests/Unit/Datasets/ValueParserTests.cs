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
    [InlineData("3.4028235e38", float.MaxValue)]
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
