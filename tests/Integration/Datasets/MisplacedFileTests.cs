using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Files that no model can be told of by their path.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class MisplacedFileTests(AzuriteFixture azurite)
{
    private const string Names = "3 to 63 lower-case letters, digits and single hyphens, with neither end a hyphen";

    private readonly string file = $"{Guid.NewGuid():N}.csv";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ab/", "'ab' is no model's name: it has 2 characters")]
    [InlineData("Credit/", "'Credit' is no model's name: it has 'C'")]
    [InlineData("credit--risk/", "'credit--risk' is no model's name: a hyphen begins or ends it, or stands beside another")]
    [InlineData("", "has no model's folder")]
    public async Task AcceptAsync_NoValidModelInThePath_IsRefusedAndSaysWhatIsWrongWithIt(string folder, string wrong)
    {
        var name = folder + file;
        await azurite.Storage.Blob(Containers.TrainingData, name).UploadAsync(BinaryData.FromString("Status\nbad\n"), overwrite: true, Token);

        // No run is started, so nothing is asked of the client that is not there.
        await new DropIntake(
            new DropLedger(azurite.Storage), new Quarantine(azurite.Storage, TimeProvider.System, NullLogger<Quarantine>.Instance), azurite.Storage, NullLogger<DropIntake>.Instance)
            .AcceptAsync(null!, Containers.TrainingData, name, Token);

        var report = (await azurite.Storage.ReadAsync<RefusalReport>(Containers.Quarantine, $"training-data/{name}.report.json", Token))!.Value;
        var refusal = Assert.Single(report.Refusals);
        Assert.StartsWith($"Found 'training-data/{name}', ", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(wrong, refusal.Reason, StringComparison.Ordinal);
        Assert.EndsWith($"{Names}.", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal($"Drop it as training-data/my-model/{file}, with the name of one of your models.", refusal.Remedy);
    }
}
