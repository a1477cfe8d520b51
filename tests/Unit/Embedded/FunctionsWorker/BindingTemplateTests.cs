using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class BindingTemplateTests
{
    private static readonly TemplateScope Scope = new(
        new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["name"] = "a.csv",
            ["queueTrigger"] = """{"id":"o-1","customer":{"Id":7,"vip":true,"address":{"city":"Köln"}}}""",
            ["customer"] = """{"Id":7,"vip":true,"address":{"city":"Köln"}}""",
            ["insertionTime"] = "\"2026-11-22T08:30:00+00:00\"",
        },
        "Copy",
        new DateTime(2026, 11, 22, 9, 5, 7, DateTimeKind.Utc));

    [Theory]
    [InlineData("out/plain.txt", "out/plain.txt")]
    [InlineData("out/{name}", "out/a.csv")]
    [InlineData("out/{NAME}.gz", "out/a.csv.gz")]
    [InlineData("out/{{{name}}}", "out/{a.csv}")]
    [InlineData("out/{customer.id}/{customer.vip}", "out/7/True")]
    [InlineData("out/{customer.address.city}", "out/Köln")]
    [InlineData("out/{insertionTime:yyyy-MM-dd}", "out/2026-11-22")]
    [InlineData("out/{datetime}", "out/2026-11-22T09-05-07Z")]
    [InlineData("out/{DateTime:yyyy}/{datetime:MM}", "out/2026/11")]
    [InlineData("out/{sys.utcnow:HH}/{sys.MethodName}", "out/09/Copy")]
    public void Fill_Expressions_TakeTheMetadata(string text, string expected) => Assert.Equal(expected, BindingTemplate.Parse(text, "blob path").Fill(Scope));

    [Theory]
    [InlineData("{rand-guid}", "D")]
    [InlineData("{rand-guid:N}", "N")]
    [InlineData("{sys.randguid:B}", "B")]
    public void Fill_RandGuid_IsNewEachTime(string text, string format)
    {
        var template = BindingTemplate.Parse(text, "blob path");

        var values = new[] { template.Fill(Scope), template.Fill(Scope) };

        Assert.All(values, value => Assert.True(Guid.TryParseExact(value, format, out _), value));
        Assert.NotEqual(values[0], values[1]);
    }

    [Theory]
    [InlineData("out/{nothing}", "needs 'nothing', which is not in the metadata of what triggered it. It has customer, insertionTime, name, queueTrigger")]
    [InlineData("out/{customer}/x", null)]
    [InlineData("out/{customer.age}", "needs 'customer.age'")]
    [InlineData("out/{customer.address}", "needs 'customer.address'")]
    public void Fill_WhatIsNotThere_SaysWhatIs(string text, string? expected)
    {
        var template = BindingTemplate.Parse(text, "blob path");
        if (expected is null)
            Assert.Contains("vip", template.Fill(Scope), StringComparison.Ordinal);
        else
            Assert.Contains(expected, Assert.Throws<InvalidOperationException>(() => template.Fill(Scope)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out/{name", "has a single brace")]
    [InlineData("out/{}", "expected a name of the trigger's metadata")]
    [InlineData("out/{a b}", "expected a name of the trigger's metadata")]
    [InlineData("out/{sys.secret}", "expected sys.randguid, sys.utcnow or sys.methodname")]
    [InlineData("out/{rand-guid:Q}", "format 'Q'")]
    public void Parse_WrongExpression_SaysWhatWasExpected(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => BindingTemplate.Parse(text, "blob path")).Message, StringComparison.Ordinal);
}
