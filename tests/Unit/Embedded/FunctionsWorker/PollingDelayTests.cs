using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class PollingDelayTests
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    [Fact]
    public void AfterNothing_AgainAndAgain_GrowsToTheMaximumAndNoFurther()
    {
        var delay = new PollingDelay(Least, Most);

        var delays = Enumerable.Range(0, 20).Select(_ => delay.AfterNothing()).ToList();

        Assert.All(delays, value => Assert.InRange(value, Least, Most));
        Assert.True(delays[0] < TimeSpan.FromMilliseconds(121), $"the first delay was {delays[0]}");
        Assert.All(delays.Skip(6), value => Assert.InRange(value, Most * 0.8, Most));
    }

    [Fact]
    public void AfterWork_FoundSomething_BeginsAnew()
    {
        var delay = new PollingDelay(Least, Most);
        for (var look = 0; look < 10; look++)
            delay.AfterNothing();

        Assert.Equal(Least, delay.AfterWork());
        Assert.InRange(delay.AfterNothing(), Least, Least * 1.2);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", null, 0.5)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5;EndpointSuffix=core.windows.net", null, 60)]
    [InlineData("UseDevelopmentStorage=true", 5.0, 5)]
    public void MaxPollingIntervalFor_Account_IsShortOnlyWhereStorageIsLocalAndNothingElseIsSaid(string connectionString, double? set, double expected)
    {
        var settings = new QueueSettings(16, 8, 5, set is { } seconds ? TimeSpan.FromSeconds(seconds) : null, TimeSpan.Zero, true);

        Assert.Equal(TimeSpan.FromSeconds(expected), settings.MaxPollingIntervalFor(StorageAccount.Parse(connectionString, null)));
    }
}
