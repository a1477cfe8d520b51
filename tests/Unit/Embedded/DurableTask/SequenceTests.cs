using System.Diagnostics;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class SequenceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task CallActivityAsync_InSequence_GivesEachResult(int maxCached)
    {
        await using var hub = await new TestHub { MaxCachedOrchestrations = maxCached }
            .Activity<int, int>("double", value => 2 * value)
            .Orchestrator("sequence", async context =>
            {
                var value = context.GetInput<int>();
                for (var i = 0; i < 10; i++)
                    value = await context.CallActivityAsync<int>("double", value);
                return value;
            })
            .StartAsync();

        Assert.Equal(3 * 1024, await hub.ResultAsync<int>("sequence", 3));
    }

    [Fact]
    public async Task CallActivityAsync_FannedOut_GivesResultsInTheOrderOfCalling()
    {
        await using var hub = await new TestHub()
            .Activity<int, int>("square", value => value * value)
            .Orchestrator("fan", async context =>
                await Task.WhenAll(Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("square", i))))
            .StartAsync();

        var watch = Stopwatch.StartNew();
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => i * i), await hub.ResultAsync<int[]>("fan", 2000));
        output.WriteLine($"2000: {watch.ElapsedMilliseconds} ms");
    }
}
