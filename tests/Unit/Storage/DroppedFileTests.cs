using Azure;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Storage;

public sealed class DroppedFileTests
{
    [Theory]
    [InlineData(Containers.TrainingData, "credit-risk/a.csv", "credit-risk")]
    [InlineData(Containers.TrainingData, "credit-risk/2026/a.csv", "credit-risk")]
    [InlineData(Containers.TrainingData, "a.csv", null)]
    [InlineData(Containers.TrainingData, "credit-risk/", null)]
    [InlineData(Containers.TrainingData, "Credit Risk/a.csv", null)]
    [InlineData(Containers.TrainingData, "ab/a.csv", null)]
    [InlineData(Containers.Definitions, "credit-risk.yaml", "credit-risk")]
    [InlineData(Containers.Definitions, "credit-risk.yml", "credit-risk")]
    [InlineData(Containers.Definitions, "credit-risk.json", null)]
    [InlineData(Containers.Definitions, "folder/credit-risk.yaml", null)]
    public void Model_OfAPath_IsTheFolderOrTheDefinitionsName(string container, string name, string? model) =>
        Assert.Equal(model, new DroppedFile(container, name, "1").Model);

    [Fact]
    public void From_AQuotedAndABareETag_AreTheSameVersion() =>
        Assert.Equal(
            DroppedFile.From(Containers.TrainingData, "m/a.csv", new ETag("\"0x1\"")), DroppedFile.From(Containers.TrainingData, "m/a.csv", new ETag("0x1")));

    [Fact]
    public void InstanceId_OfOneVersion_IsOneAndOfAnotherVersionOrFileAnother()
    {
        var file = new DroppedFile(Containers.TrainingData, "credit-risk/a.csv", "0x1");

        Assert.Equal(file.InstanceId("ingest"), (file with { }).InstanceId("ingest"));
        Assert.NotEqual(file.InstanceId("ingest"), (file with { ETag = "0x2" }).InstanceId("ingest"));
        Assert.NotEqual(file.InstanceId("ingest"), (file with { Name = "credit-risk/b.csv" }).InstanceId("ingest"));
        Assert.NotEqual(file.InstanceId("ingest"), (file with { Container = Containers.ScoringInput }).InstanceId("ingest"));
        Assert.StartsWith("ingest-credit-risk-", file.InstanceId("ingest"), StringComparison.Ordinal);
    }
}
