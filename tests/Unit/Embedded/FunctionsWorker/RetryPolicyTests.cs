using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class RetryPolicyTests
{
    [Fact]
    public void Of_FixedDelay_PausesAsLongEachTime()
    {
        var policy = Of(nameof(Fixed));

        Assert.Equal(new RetryPolicy(3, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)), policy);
        Assert.Equal([true, true, true, false], Enumerable.Range(1, 4).Select(policy.Allows));
        Assert.All(Enumerable.Range(1, 3).Select(policy.DelayBefore), delay => Assert.Equal(TimeSpan.FromSeconds(10), delay));
    }

    [Fact]
    public void Of_ExponentialBackoff_PausesLongerUpToTheMost()
    {
        var policy = Of(nameof(Growing));

        Assert.True(policy.Allows(1_000_000));
        Assert.InRange(policy.DelayBefore(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4.8));
        Assert.InRange(policy.DelayBefore(3), TimeSpan.FromSeconds(12.8), TimeSpan.FromSeconds(19.2));
        Assert.Equal(TimeSpan.FromMinutes(15), policy.DelayBefore(60));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-00:00:01")]
    public void FixedDelay_WrongInterval_IsRefused(string interval) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedDelayRetryAttribute(1, interval));

    [FixedDelayRetry(3, "00:00:10")]
    private static void Fixed() => throw new NotSupportedException();

    [ExponentialBackoffRetry(-1, "00:00:04", "00:15:00")]
    private static void Growing() => throw new NotSupportedException();

    private static RetryPolicy Of(string method) =>
        RetryPolicy.Of(typeof(RetryPolicyTests).GetMethod(method, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!)!;
}
