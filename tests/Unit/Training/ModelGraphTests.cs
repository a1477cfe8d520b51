using Serverless.Platform.Datasets;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class ModelGraphTests
{
    [Fact]
    public void InputNames_OrdinaryHeaders_AreTakenVerbatim() =>
        Assert.Equal(["Age", "net income (€)", "年齢", "a.b/c"], Names("Age", "net income (€)", "年齢", "a.b/c"));

    [Fact]
    public void InputNames_HeadersThatCannotStand_BecomeNamesOfTheirOwn() =>
        Assert.Equal(["a_b", "a_b_2", "column_", "score_2", "column_graph:margin", "_"], Names("a\nb", "a\0b", "", "score", "graph:margin", "\ud800"));

    [Fact]
    public void InputNames_NameThatIsTakenAfterCleaning_IsNumberedOn() => Assert.Equal(["x_", "x__2", "x__2_2"], Names("x\t", "x\n", "x__2"));

    private static IReadOnlyList<string> Names(params string[] headers) =>
        ModelGraph.InputNames([.. headers.Select(h => new FeatureColumn(h, ColumnKind.Number))]);
}
