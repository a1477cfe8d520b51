using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class FailurePropertiesTests
{
    [Fact]
    public async Task FailureDetails_OfAnActivity_HaveThePropertiesOfEachExceptionInTheOrchestratorAndInQueries()
    {
        List<IDictionary<string, object?>?> seen = [];
        await using var hub = await new TestHub { Configure = options => options with { ExceptionProperties = new Describing() } }
            .Activity<string?, int>("work", Fail)
            .Orchestrator("failing", async context =>
            {
                try
                {
                    return await context.CallActivityAsync<int>("work");
                }
                catch (TaskFailedException failed)
                {
                    seen.Add(failed.FailureDetails.Properties);
                    throw;
                }
            })
            .StartAsync();

        var failure = (await hub.RunAsync("failing")).FailureDetails;

        var properties = Assert.Single(seen.Distinct());
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["text"] = "outer",
                ["whole"] = 3.0,
                ["yes"] = true,
                ["nothing"] = null,
                ["at"] = new DateTime(2030, 1, 2, 0, 0, 0, DateTimeKind.Utc),
                ["list"] = new List<object?> { 1.0, "two" },
            },
            properties);
        Assert.Equal("TaskFailedException", failure?.Properties?["kind"]);
        Assert.Equal(properties, failure?.InnerFailure?.Properties);
        Assert.Equal("IOException", failure?.InnerFailure?.InnerFailure?.Properties?["kind"]);
    }

    [Fact]
    public async Task FailureDetails_ProviderFailsOrGivesWhatJsonHasNot_AreThereAllTheSame()
    {
        await using var hub = await new TestHub { Configure = options => options with { ExceptionProperties = new Troubled() } }
            .Activity<string, int>("work", Fail)
            .Orchestrator("failing", context => context.CallActivityAsync<int>("work", context.GetInput<string>()))
            .StartAsync();

        var endless = (await hub.RunAsync("failing", " loss")).FailureDetails?.InnerFailure;
        var refused = (await hub.RunAsync("failing", " refused")).FailureDetails?.InnerFailure;

        Assert.Equal(("outer loss", "NaN"), (endless?.ErrorMessage, endless?.Properties?["loss"]));
        Assert.Equal("outer refused", refused?.ErrorMessage);
        Assert.Equal("System.NotSupportedException: not this one", refused?.Properties?[nameof(IExceptionPropertiesProvider)]);
    }

    [Fact]
    public void Write_CollectionsThatContainThemselvesOrAreDeep_SaysSoInTheirPlace()
    {
        List<object?> list = ["first"], deep = [];
        list.Add(list);
        var map = new Dictionary<string, object?> { ["list"] = list };
        map["map"] = map;
        for (var i = 0; i < 100; i++)
            deep = [deep];

        var properties = FailureProperties.Read(FailureProperties.Write(new Dictionary<string, object?> { ["map"] = map, ["twice"] = new[] { "a", "a" }, ["deep"] = deep }));

        var read = Assert.IsType<Dictionary<string, object?>>(properties?["map"]);
        Assert.Equal("(contains itself)", read["map"]);
        Assert.Equal<object?>(["first", "(contains itself)"], Assert.IsType<List<object?>>(read["list"]));
        Assert.Equal<object?>(["a", "a"], Assert.IsType<List<object?>>(properties["twice"]));
        object? level = properties["deep"];
        for (var i = 0; i < 32; i++)
            level = Assert.Single(Assert.IsType<List<object?>>(level));
        Assert.Equal("(nested more than 32 levels deep)", level);
    }

    private static int Fail(string? input) => throw new InvalidOperationException("outer" + input, new IOException("inner"));

    private sealed class Describing : IExceptionPropertiesProvider
    {
        public IDictionary<string, object?>? GetExceptionProperties(Exception exception) => exception is InvalidOperationException
            ? new Dictionary<string, object?>
            {
                ["text"] = exception.Message,
                ["whole"] = 3,
                ["yes"] = true,
                ["nothing"] = null,
                ["at"] = new DateTime(2030, 1, 2, 0, 0, 0, DateTimeKind.Utc),
                ["list"] = new object[] { 1, "two" },
            }
            : new Dictionary<string, object?> { ["kind"] = exception.GetType().Name };
    }

    private sealed class Troubled : IExceptionPropertiesProvider
    {
        public IDictionary<string, object?>? GetExceptionProperties(Exception exception) => exception.Message.EndsWith("refused", StringComparison.Ordinal)
            ? throw new NotSupportedException("not this one")
            : new Dictionary<string, object?> { ["loss"] = double.NaN };
    }
}
