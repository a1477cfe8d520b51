using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Definitions;

public sealed class GateSectionTests
{
    private const string Least = """
        model: credit-risk
        task: binary-classification
        target: { column: Status, positive: bad }
        sensitive: [Age, Marital]

        """;

    [Fact]
    public void Parse_GatesOfGroupsFoldsAndIntervals_AreTaken()
    {
        var result = DefinitionParser.Parse(Least + """
            gates:
              minimum: { top-decile-lift: 2.5 }
              maximum: { fold-deviation: 0.03 }
              groups:
                Marital: { minimum: { roc-auc: 0.7 }, maximum: { demographic-parity-difference: 0.2 } }
                Age: { maximum: { calibration-within-groups: 0.1 } }
              champion: { tolerance: 0, by: interval }
            """, "credit-risk");

        Assert.Empty(result.Refusals);
        var gates = result.Definition!.Gates;
        Assert.Equal((2.5, 0.03), (gates.Minimum["top-decile-lift"], gates.Maximum!["fold-deviation"]));
        Assert.Equal(new ChampionGate("roc-auc", 0) { ByInterval = true }, gates.Champion);
        Assert.Equal(["Marital", "Age"], gates.Groups!.Select(g => g.Column));
        Assert.Equal((0.7, 0.2), (gates.Groups![0].Minimum["roc-auc"], gates.Groups[0].Maximum["demographic-parity-difference"]));
        Assert.Equal((0, 0.1), (gates.Groups[1].Minimum.Count, gates.Groups[1].Maximum["calibration-within-groups"]));
    }

    [Theory]
    [InlineData("groups: { Maritl: { minimum: { roc-auc: 0.7 } } }", "gates.groups names 'Maritl', which 'sensitive' does not", "Did you mean 'Marital'?")]
    [InlineData("groups: { Region: { minimum: { roc-auc: 0.7 } } }", "gates.groups names 'Region', which 'sensitive' does not", "Write 'sensitive: [Region]'")]
    [InlineData("groups: { Age: { minimum: { accuracy: 0.7 } } }", "Unknown key 'accuracy' in 'gates.groups.Age.minimum'; expected one of roc-auc,", "")]
    [InlineData("groups: { Age: { maximum: { demographic-parity-diference: 0.7 } } }", "Unknown key 'demographic-parity-diference'", "Did you mean 'demographic-parity-difference'?")]
    [InlineData("groups: { Age: { maximum: { demographic-parity-difference: 7 } } }", "gates.groups.Age.maximum.demographic-parity-difference is '7'; expected a number from 0 to 1", "")]
    [InlineData("maximum: { roc-auc: 0.9 }", "Unknown key 'roc-auc' in 'gates.maximum'", "roc-auc is better when it is higher: write its bound under 'minimum'.")]
    [InlineData("maximum: { rocauc: 0.9 }", "Unknown key 'rocauc' in 'gates.maximum'", "Remove the line.")]
    [InlineData("groups: { Age: { maximum: { recall: 0.9 } } }", "Unknown key 'recall' in 'gates.groups.Age.maximum'", "recall is better when it is higher: write its bound under 'minimum'.")]
    [InlineData("groups: { Age: { minimum: { calibration-error: 0.1 } } }", "Unknown key 'calibration-error' in 'gates.groups.Age.minimum'", "calibration-error is better when it is lower: write its bound under 'maximum'.")]
    [InlineData("groups: [Age]", "gates.groups is a list; expected keys and values", "Write it as 'groups: { Age: { maximum: { demographic-parity-difference: 0.2 } } }'")]
    [InlineData("champion: { by: chance }", "gates.champion.by is 'chance'; expected one of value, interval", "")]
    public void Parse_GatesThatCannotBeRead_SayWhatIsExpected(string gates, string reason, string remedy)
    {
        var refusal = Assert.Single(DefinitionParser.Parse($"{Least}gates:\n  {gates}\n", "credit-risk").Refusals);

        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(remedy, refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal(6, refusal.Line);
    }
}
