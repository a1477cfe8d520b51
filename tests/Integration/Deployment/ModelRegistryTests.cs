using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;

namespace Serverless.Tests.Integration.Deployment;

[Collection(AzuriteCollection.Name)]
public sealed class ModelRegistryTests(AzuriteFixture azurite)
{
    private readonly ModelRegistry registry = new(azurite.Storage, TimeProvider.System);
    private readonly string model = "m" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task ReserveVersion_TwiceByOneRun_GivesOneVersion()
    {
        var first = await registry.ReserveVersionAsync(model, Lineage("a"), CancellationToken.None);
        var other = await registry.ReserveVersionAsync(model, Lineage("b"), CancellationToken.None);
        var again = await registry.ReserveVersionAsync(model, Lineage("a"), CancellationToken.None);

        Assert.Equal((1, 2, 1), (first, other, again));
    }

    [Fact]
    public async Task ReserveVersion_ByManyRunsAtOnce_GivesEachItsOwn()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => registry.ReserveVersionAsync(model, Lineage($"run-{i}"), CancellationToken.None)));

        Assert.Equal(Enumerable.Range(1, 12), versions.Order());
        Assert.Equal(Enumerable.Range(1, 12), await registry.ListVersionsAsync(model, CancellationToken.None));
    }

    [Fact]
    public async Task Deploy_TwiceByOneRun_ChangesTheDeploymentOnce()
    {
        await registry.DeployAsync(model, 1, "run-1", "gate", "first", 0, CancellationToken.None);
        await registry.DeployAsync(model, 2, "run-2", "ann", "better", 1, CancellationToken.None);
        var again = await registry.DeployAsync(model, 2, "run-2", "ann", "better", 1, CancellationToken.None);

        Assert.NotNull(again);
        Assert.Equal((2, 2, 1), (again.Revision, again.Champion, again.Previous));
        Assert.Equal([1, 2], (await registry.ReadHistoryAsync(model, CancellationToken.None)).Select(d => d.Champion));
    }

    [Fact]
    public async Task Deploy_RepeatedAfterAnotherRunDeployed_ChangesNothing()
    {
        await registry.DeployAsync(model, 1, "run-a", "gate", "first", 0, CancellationToken.None);
        await registry.DeployAsync(model, 2, "run-b", "gate", "second", 1, CancellationToken.None);

        var repeated = await registry.DeployAsync(model, 1, "run-a", "gate", "first", 0, CancellationToken.None);

        Assert.Equal(1, repeated?.Revision);
        Assert.Equal(2, (await registry.ReadDeploymentAsync(model, CancellationToken.None))?.Value.Champion);
    }

    [Fact]
    public async Task Deploy_OverAnotherChampionThanTheOneJudgedAgainst_IsNotDone()
    {
        await registry.DeployAsync(model, 1, "run-1", "gate", "first", 0, CancellationToken.None);
        await registry.DeployAsync(model, 3, "run-3", "gate", "quicker", 1, CancellationToken.None);

        Assert.Null(await registry.DeployAsync(model, 2, "run-2", "ann", "judged against 1", 1, CancellationToken.None));
        Assert.Equal(3, (await registry.ReadDeploymentAsync(model, CancellationToken.None))?.Value.Champion);
    }

    [Fact]
    public async Task Deploy_ByManyRunsAtOnce_KeepsEachRevision()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => registry.DeployAsync(model, i, $"run-{i}", "gate", "race", null, CancellationToken.None)));

        var history = await registry.ReadHistoryAsync(model, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 8), history.Select(d => d.Revision));
        Assert.Equal(Enumerable.Range(1, 8), history.Select(d => d.Champion).Order());
        Assert.Equal(history.Select(d => d.Champion).SkipLast(1), history.Skip(1).Select(d => d.Previous ?? 0));
    }

    [Fact]
    public async Task TryWrite_OverADocumentThatStands_LeavesItAsItIs()
    {
        Assert.True(await registry.TryWriteAsync(model, 1, "note.json", new Note("first"), CancellationToken.None));
        Assert.False(await registry.TryWriteAsync(model, 1, "note.json", new Note("second"), CancellationToken.None));

        Assert.Equal("first", (await registry.ReadVersionFileAsync<Note>(model, 1, "note.json", CancellationToken.None))?.Text);
    }

    [Fact]
    public async Task Catalog_OfModelsThatAreNotThere_FindsNothing()
    {
        var catalog = new ModelCatalog(registry, new DefinitionStore(azurite.Storage));

        Assert.Null(await catalog.FindAsync("no-such-model", CancellationToken.None));
        Assert.Null(await catalog.FindAsync("../datasets", CancellationToken.None));
        Assert.Null(await catalog.FindVersionAsync("no-such-model", 1, CancellationToken.None));
        Assert.Null(await catalog.FindHistoryAsync("no-such-model", CancellationToken.None));
    }

    private ModelLineage Lineage(string run) => ModelLineages.Of(model, run);

    private sealed record Note(string Text);
}
