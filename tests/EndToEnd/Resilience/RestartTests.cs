namespace Serverless.Tests.EndToEnd.Resilience;

public sealed class RestartTests
{
    [Fact]
    public async Task FilesDropped_WhileTheAppIsDown_ArePickedUpAtStart()
    {
        const string Model = "dropped-while-down";
        await using var platform = await LocalPlatform.StartAsync(withApp: false);
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());
        await platform.DropAsync($"scoring-input/{Model}/rows.csv", CreditRisk.Scoring(100));

        await platform.StartAppAsync();

        Assert.Equal("deployed", (await platform.WaitForRunAsync("TrainModel", Model)).Outcome);
        Assert.NotNull(await platform.WaitForTextAsync($"scoring-output/{Model}/rows.csv"));
    }

    [Fact]
    public async Task Stop_BySigterm_DrainsAndNothingIsStartedTwiceAfterwards()
    {
        const string Model = "stopped-in-order";
        await using var platform = await LocalPlatform.StartAsync();
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());
        await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");

        await platform.App.StopAsync(CancellationToken.None);
        var exit = platform.App.DescribeExit();
        await platform.StopAppAsync();
        await platform.StartAppAsync();
        var run = await platform.WaitForRunAsync("TrainModel", Model);

        Assert.Contains("exit code 0", exit, StringComparison.Ordinal);
        Assert.Equal("deployed", run.Outcome);
        Assert.Single(await platform.ListRunsAsync(), r => r.Kind == "TrainModel" && r.Model == Model);
    }
}
