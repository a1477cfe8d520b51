using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.Execution;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class RetryTests
{
    private static readonly TaskFailedException Failure = new("flaky", 0, new TaskFailureDetails("System.IO.IOException", "disk", null, null, null));

    private readonly ManualTime _time = new();
    private int _attempts;

    [Fact]
    public async Task CallActivityAsync_FailingTwice_IsRetriedWithGrowingDelays()
    {
        var policy = new RetryPolicy(5, TimeSpan.FromSeconds(10), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromSeconds(25));
        await using var hub = await FlakyHub(failures: 3, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        var instanceId = await hub.ScheduleAsync("flaky");

        await _time.AdvanceToTimerAsync(TimeSpan.FromSeconds(10));
        await _time.AdvanceToTimerAsync(TimeSpan.FromSeconds(25));
        await hub.CrashAsync();
        await _time.AdvanceToTimerAsync(TimeSpan.FromSeconds(25));

        Assert.Equal("attempt 4", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallActivityAsync_AttemptsUsedUp_FailsWithTheLastFailure()
    {
        var policy = new RetryPolicy(2, TimeSpan.FromSeconds(10));
        await using var hub = await FlakyHub(failures: 9, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        var instanceId = await hub.ScheduleAsync("flaky");
        await _time.AdvanceToTimerAsync(TimeSpan.FromSeconds(10));

        var instance = await hub.CompletionAsync(instanceId);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, instance.FailureDetails?.ErrorType);
        Assert.Equal("attempt 2", instance.FailureDetails?.InnerFailure?.ErrorMessage);
        Assert.True(instance.FailureDetails?.InnerFailure?.IsCausedBy<IOException>());
        Assert.Null(_time.NextDue());
    }

    [Fact]
    public async Task CallActivityAsync_FailureNotHandled_IsNotRetried()
    {
        var policy = new RetryPolicy(5, TimeSpan.FromSeconds(10)) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() };
        await using var hub = await FlakyHub(failures: 1, TaskOptions.FromRetryPolicy(policy)).StartAsync();

        Assert.Equal("attempt 1", (await hub.RunAsync("flaky")).FailureDetails?.InnerFailure?.ErrorMessage);
    }

    [Fact]
    public async Task CallActivityAsync_WithHandler_IsToldOfEachFailureAndMayWait()
    {
        List<(int, TimeSpan, string)> told = [];
        var options = TaskOptions.FromRetryHandler(async context =>
        {
            told.Add((context.LastAttemptNumber, context.TotalRetryTime, context.LastFailure.ErrorMessage));
            await context.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(context.LastAttemptNumber), CancellationToken.None);
            return context.LastAttemptNumber < 3;
        });
        await using var hub = await FlakyHub(failures: 2, options).StartAsync();
        var instanceId = await hub.ScheduleAsync("flaky");

        await _time.AdvanceToTimerAsync(TimeSpan.FromMinutes(1));
        await _time.AdvanceToTimerAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("attempt 3", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
        Assert.Equal([(1, TimeSpan.Zero, "attempt 1"), (2, TimeSpan.FromMinutes(1), "attempt 2")], told);
    }

    [Fact]
    public async Task CallActivityAsync_HandlerGivesUp_FailsWithThatFailure()
    {
        await using var hub = await FlakyHub(failures: 9, TaskOptions.FromRetryHandler(context => context.LastAttemptNumber < 4)).StartAsync();

        Assert.Equal("attempt 4", (await hub.RunAsync("flaky")).FailureDetails?.InnerFailure?.ErrorMessage);
    }

    [Fact]
    public async Task CallSubOrchestratorAsync_FailingOnce_IsRetriedUnderTheSameId()
    {
        var failed = false;
        await using var hub = await new TestHub { Time = _time }
            .Orchestrator<string>("child", context =>
            {
                if (failed)
                    return Task.FromResult(context.InstanceId);
                failed = true;
                throw new IOException("first");
            })
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<string>(
                "child", new SubOrchestrationOptions(new RetryPolicy(2, TimeSpan.FromSeconds(5)), "the-child")))
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("parent");

        await _time.AdvanceToTimerAsync(TimeSpan.FromSeconds(5));

        Assert.Equal("the-child", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(1, 0, 10)]
    [InlineData(2, 0, 20)]
    [InlineData(3, 0, 40)]
    [InlineData(4, 0, 60)]
    [InlineData(9, 0, 60)]
    [InlineData(10, 0, null)]
    [InlineData(1, 299, 10)]
    [InlineData(1, 300, null)]
    public void DelayAfter_PolicyAndProgress_GivesTheWait(int failures, int elapsedSeconds, int? expectedSeconds)
    {
        var policy = new RetryPolicy(10, TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5));

        var delay = Retries.DelayAfter(policy, failures, TimeSpan.FromSeconds(elapsedSeconds), Failure);

        Assert.Equal(expectedSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, delay);
    }

    [Fact]
    public void DelayAfter_HugeCoefficient_IsTheLongestInterval()
    {
        var policy = new RetryPolicy(int.MaxValue, TimeSpan.FromDays(1), 1e300, Timeout.InfiniteTimeSpan);

        Assert.Equal(TimeSpan.MaxValue, Retries.DelayAfter(policy, 1000, TimeSpan.Zero, Failure));
    }

    [Fact]
    public void RetryPolicy_ImpossibleValues_Throws()
    {
        var second = TimeSpan.FromSeconds(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(0, second));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, second, 0.9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, second, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, second, 1, second / 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, second, 1, null, second / 2));
    }

    private TestHub FlakyHub(int failures, TaskOptions options) => new TestHub { Time = _time }
        .Activity<string?, string>("flaky", _ =>
        {
            var attempt = Interlocked.Increment(ref _attempts);
            return attempt > failures ? $"attempt {attempt}" : throw new IOException($"attempt {attempt}");
        })
        .Orchestrator("flaky", context => context.CallActivityAsync<string>("flaky", options));
}
