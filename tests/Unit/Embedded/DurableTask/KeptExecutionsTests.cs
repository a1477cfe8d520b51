using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class KeptExecutionsTests
{
    [Fact]
    public void Keep_BeyondTheLimit_DropsTheShortestHistory()
    {
        var kept = new KeptExecutions(2);

        Assert.Null(kept.Keep(Instance(1), 10_000));
        Assert.Null(kept.Keep(Instance(2), 3));
        Assert.Equal(2, kept.Keep(Instance(3), 30)?.Key);
        Assert.Equal(4, kept.Keep(Instance(4), 5)?.Key);
    }

    [Fact]
    public void Keep_LongUnused_LosesItsWorth()
    {
        var kept = new KeptExecutions(2);
        kept.Keep(Instance(1), 100);
        long? dropped = null;
        for (var key = 2; dropped != 1 && key < 200; key++)
            dropped = kept.Keep(Instance(key), 10)?.Key;

        Assert.Equal(1, dropped);
    }

    [Fact]
    public void Remove_Kept_MakesRoom()
    {
        var kept = new KeptExecutions(1);
        kept.Keep(Instance(1), 1);

        kept.Remove(1);

        Assert.Null(kept.Keep(Instance(2), 1));
    }

    private static ActiveInstance Instance(long key) => new(key, $"{key}");
}
