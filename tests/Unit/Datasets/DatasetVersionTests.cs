using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Datasets;

public sealed class DatasetVersionTests
{
    private const string Definition = """
        model: credit-risk
        task: binary-classification
        target: { column: Status, positive: bad }
        ignore: [id, note]
        """;

    [Fact]
    public void Of_SameHashesInAnyOrderAndNumber_IsTheSame()
    {
        var version = DatasetVersion.Of(Parse(Definition), ["aa", "bb"]);

        Assert.Matches("^[0-9a-f]{16}$", version);
        Assert.Equal(version, DatasetVersion.Of(Parse(Definition), ["bb", "aa", "BB"]));
    }

    [Fact]
    public void Of_OtherFiles_IsAnother()
    {
        string[] versions =
        [
            DatasetVersion.Of(Parse(Definition), ["aa"]),
            DatasetVersion.Of(Parse(Definition), ["bb"]),
            DatasetVersion.Of(Parse(Definition), ["aa", "bb"]),
        ];

        Assert.Equal(3, versions.Distinct().Count());
    }

    [Theory]
    [InlineData("positive: bad", "positive: good")]
    [InlineData("column: Status", "column: State")]
    [InlineData("[id, note]", "[id]")]
    [InlineData("ignore: [id, note]", "ignore: [id, note]\nsensitive: [Age]")]
    [InlineData("ignore: [id, note]", "ignore: [id, note]\nfeatures: { Age: categorical }")]
    [InlineData("ignore: [id, note]", "ignore: [id, note]\ntraining: { split: { time: id } }")]
    [InlineData("ignore: [id, note]", "ignore: [id, note]\ntraining: { split: { group: id } }")]
    public void Of_ChangeThatAffectsData_IsAnother(string from, string to) =>
        Assert.NotEqual(DatasetVersion.Of(Parse(Definition), ["aa"]), DatasetVersion.Of(Parse(Definition.Replace(from, to, StringComparison.Ordinal)), ["aa"]));

    [Theory]
    [InlineData("[id, note]", "[note, id]")]
    [InlineData("ignore: [id, note]", "ignore: [id, note]\nfeatures: {}")]
    [InlineData("ignore: [id, note]", "ignore: [id, note]\ntraining: { split: random }")]
    [InlineData("ignore: [id, note]", "ignore: [id, note]\ntraining: { trials: 3 }")]
    public void Of_ChangeThatDoesNotAffectData_IsTheSame(string from, string to) =>
        Assert.Equal(DatasetVersion.Of(Parse(Definition), ["aa"]), DatasetVersion.Of(Parse(Definition.Replace(from, to, StringComparison.Ordinal)), ["aa"]));

    [Fact]
    public void Of_BinaryDefinition_IsWhatItEverWas() => Assert.Equal("e5a8bdd9096fd0d4", DatasetVersion.Of(Parse(Definition), ["aa"]));

    [Fact]
    public void Of_OtherTasks_AreOtherDatasets()
    {
        var versions = ((string[])["multiclass-classification", "regression"]).Select(task => DatasetVersion.Of(
            Parse($"model: credit-risk\ntask: {task}\ntarget: {{ column: Status }}"), ["aa"]));

        Assert.Equal(3, versions.Append(DatasetVersion.Of(Parse(Definition), ["aa"])).Distinct().Count());
    }

    private static ModelDefinition Parse(string text) => Assert.IsType<ModelDefinition>(DefinitionParser.Parse(text, "credit-risk").Definition);
}
