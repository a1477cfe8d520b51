using System.Text.Json;
using Serverless.Platform;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Definitions;

public sealed class DataPolicyTests
{
    private const string Least = "model: m-1\ntask: binary-classification\ntarget: { column: y, positive: a }\n";

    [Fact]
    public void Parse_NothingSaid_RefusesCardNumbersAndMasksTheRest() =>
        Assert.Equal((IdentifierPolicy.Default, 0.1), (Read("").Identifiers, Read("").Rejects));

    [Theory]
    [InlineData("refuse", IdentifierAction.Refuse)]
    [InlineData("mask", IdentifierAction.Mask)]
    [InlineData("allow", IdentifierAction.Allow)]
    public void Parse_OneWord_IsForAllKinds(string word, IdentifierAction action) =>
        Assert.Equal(new IdentifierPolicy(action, action, action, action), Read($"data: {{ identifiers: {word}, rejects: 0.05 }}").Identifiers);

    [Fact]
    public void Parse_WordsForKinds_LeaveTheOthersAsTheyAre() => Assert.Equal(
        IdentifierPolicy.Default with { CardNumber = IdentifierAction.Mask, Email = IdentifierAction.Allow },
        Read("data: { identifiers: { card-number: mask, e-mail: allow } }").Identifiers);

    [Theory]
    [InlineData("data: { identifiers: maks }")]
    [InlineData("data: { identifiers: { card: mask } }")]
    [InlineData("data: { identifiers: { iban: hide } }")]
    [InlineData("data: { rejects: 5% }")]
    public void Parse_UnknownWords_AreRefused(string data)
    {
        var refusal = Assert.Single(DefinitionParser.Parse(Least + data, "m-1").Refusals);

        Assert.Equal(4L, refusal.Line);
    }

    [Fact]
    public void Deserialize_PolicyOfAnEarlierRelease_HasTheDefaults() =>
        Assert.Equal(DataPolicy.Default, JsonSerializer.Deserialize<DataPolicy>("{\"complete\":\"quiet-period\"}", Json.Options));

    private static DataPolicy Read(string data) => Assert.IsType<ModelDefinition>(DefinitionParser.Parse(Least + data, "m-1").Definition).Data;
}
