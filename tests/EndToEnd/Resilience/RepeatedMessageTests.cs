using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Serverless.Tests.EndToEnd.Resilience;

/// <summary>A queue gives a message twice, or out of turn, whenever a sender repeats itself or a worker lets go.</summary>
public sealed class RepeatedMessageTests
{
    private const string ChunkQueue = "scoring-chunks";

    [Fact]
    public async Task Score_ChunkMessagesDoubledReversedAndLate_GivesOneResultWithoutDoubledRows()
    {
        const string Model = "told-twice";
        const string Output = $"scoring-output/{Model}/rows.csv";
        const int Rows = 45_000;
        await using var platform = await LocalPlatform.StartAsync();
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());
        Assert.Equal("deployed", (await platform.WaitForRunAsync("TrainModel", Model)).Outcome);
        await platform.StopAppAsync();

        // Nobody scores while the messages are shuffled.
        await platform.StartAppAsync(new Dictionary<string, string> { ["AzureWebJobs.ScoreChunk.Disabled"] = "true" });
        var input = CreditRisk.Scoring(Rows);
        await platform.DropAsync($"scoring-input/{Model}/rows.csv", input);
        var queue = platform.Queue(ChunkQueue);
        var messages = await platform.WaitAsync(async _ => await PeekAsync(queue) is { Count: 5 } all ? all : null, "five chunk messages");
        await queue.ClearMessagesAsync();
        foreach (var message in messages.Reverse().SelectMany(m => new[] { m, m }))
        {
            await queue.SendMessageAsync(message);
        }

        await platform.StopAppAsync();
        await platform.StartAppAsync();
        var run = await platform.WaitForRunAsync("ScoreFile", Model);
        await WaitUntilDrainedAsync(platform, queue);
        var result = await platform.WaitForTextAsync(Output);
        var published = (await platform.Blob(Output).GetPropertiesAsync()).Value.ETag;
        foreach (var late in messages)
        {
            await queue.SendMessageAsync(late);
        }

        await WaitUntilDrainedAsync(platform, queue);
        Assert.Equal((Rows, Rows, 0), (run.ResultCount("rows"), run.ResultCount("scored"), run.ResultCount("refused")));
        Assert.Equal("1", ScoredFile.AssertWhole(input, result));
        Assert.Equal(published, (await platform.Blob(Output).GetPropertiesAsync()).Value.ETag);
        Assert.Single(await platform.ListRunsAsync(), r => r.Kind == "ScoreFile");
        Assert.False(await platform.Queue($"{ChunkQueue}-poison").ExistsAsync());
    }

    private static async Task<IReadOnlyList<string>> PeekAsync(QueueClient queue)
    {
        PeekedMessage[] messages = await queue.PeekMessagesAsync(32);
        return [.. messages.Select(m => m.Body.ToString())];
    }

    private static async Task WaitUntilDrainedAsync(LocalPlatform platform, QueueClient queue) => await platform.WaitAsync<object>(
        async token => (await queue.GetPropertiesAsync(token)).Value.ApproximateMessagesCount == 0 ? queue : null, "the queue to be drained");
}
