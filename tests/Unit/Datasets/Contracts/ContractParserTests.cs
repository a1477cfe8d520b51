using System.Text;
using Serverless.Platform.Datasets.Contracts;

namespace Serverless.Tests.Unit.Datasets.Contracts;

public sealed class ContractParserTests
{
    [Fact]
    public void Parse_EveryKey_IsTaken()
    {
        var (contract, refusals) = Parse("""
            model: credit-risk
            columns:
              Age: { type: number, missing: 0.02, min: 18, max: 110 }
              Home: { type: text, values: [own, rent], unseen: 0.05, optional: true }
              Application: { unique: true }
              Opened: { type: date, newest-within: 30.00:00:00 }
              Closed: { earliest: 2010-01-01, latest: 2030-12-31 }
            """);

        Assert.Empty(refusals);
        Assert.Equal(("credit-risk", ContractOrigin.Given), (contract!.Model, contract.Origin));
        Assert.Equal(new ColumnContract { Type = ContractType.Number, Missing = 0.02, Min = 18, Max = 110 }, contract.Columns["Age"]);
        Assert.Equal(["own", "rent"], contract.Columns["Home"].Values!);
        Assert.Equal((0.05, true), (contract.Columns["Home"].Unseen, contract.Columns["Home"].Optional));
        Assert.Equal(new ColumnContract { Type = ContractType.Text, Unique = true }, contract.Columns["Application"]);
        Assert.Equal(new ColumnContract { Type = ContractType.Date, NewestWithin = TimeSpan.FromDays(30) }, contract.Columns["Opened"]);
        Assert.Equal(
            new ColumnContract { Type = ContractType.Date, Earliest = new DateOnly(2010, 1, 1), Latest = new DateOnly(2030, 12, 31) }, contract.Columns["Closed"]);
        Assert.Equal(contract.Columns["Closed"], ContractParser.Parse(contract.ToJson(), "credit-risk").Contract?.Columns["Closed"]);
    }

    [Fact]
    public void Parse_WhatThePlatformWrites_IsTheSameContract()
    {
        var written = new DataContract("credit-risk", ContractOrigin.Inferred, new Dictionary<string, ColumnContract>
        {
            ["Age, in \"years\"\n"] = new() { Type = ContractType.Number, Missing = 0.0112, Min = -1.5e-7, Max = 1e12 },
            ["Größe"] = new() { Type = ContractType.Text, Values = ["null", "a: b", "'"], Unseen = 0 },
            ["Opened"] = new() { Type = ContractType.Date, NewestWithin = TimeSpan.FromDays(1.5), Unique = true, Optional = true },
        });

        var (read, refusals) = ContractParser.Parse(written.ToJson(), "credit-risk");

        Assert.Empty(refusals);
        Assert.Equal(written.Hash, read!.Hash);
    }

    [Theory]
    [InlineData("columns: []", 1)]
    [InlineData("colums: { Age: { type: number } }", 1)]
    [InlineData("columns:\n  Age: number", 2)]
    [InlineData("columns:\n  Age: { type: numeric }", 2)]
    [InlineData("columns:\n  Age: { type: text, min: 18 }", 2)]
    [InlineData("columns:\n  Age: { type: number, values: [a] }", 2)]
    [InlineData("columns:\n  Age: { min: 10, max: 5 }", 2)]
    [InlineData("columns:\n  Age: { missing: 2 }", 2)]
    [InlineData("columns:\n  Age: { minimum: 2 }", 2)]
    [InlineData("columns:\n  Age: { type: date, newest-within: month }", 2)]
    [InlineData("columns:\n  Age: { type: date, earliest: 1.2.2010 }", 2)]
    [InlineData("columns:\n  Age: { type: number, latest: 2010-01-01 }", 2)]
    [InlineData("columns:\n  Age: { earliest: 2010-01-02, latest: 2010-01-01 }", 2)]
    [InlineData("model: another\ncolumns:\n  Age: { type: number }", 1)]
    [InlineData("columns: {", 1)]
    public void Parse_Mistakes_AreRefusedWithTheirLine(string yaml, long line)
    {
        var (contract, refusals) = Parse(yaml);

        Assert.Null(contract);
        Assert.NotEmpty(refusals);
        Assert.Contains(refusals, r => r.Line >= line && r.Remedy.Length > 0);
    }

    private static (DataContract? Contract, IReadOnlyList<Serverless.Platform.Storage.Refusal> Refusals) Parse(string yaml) =>
        ContractParser.Parse(Encoding.UTF8.GetBytes(yaml), "credit-risk");
}
