using Serverless.Platform;

namespace Serverless.Tests.Unit;

public sealed class SideBySideTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public void For_AnyCount_DoesEachPieceOnce(int count)
    {
        var done = new int[count];

        SideBySide.For(count, CancellationToken.None, piece => Interlocked.Increment(ref done[piece]));

        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void For_PiecesThatFail_ThrowsTheFirstFailureAsItIsAndBeginsNoMore()
    {
        var begun = 0;

        var thrown = Assert.Throws<InvalidDataException>(() => SideBySide.For(100_000, CancellationToken.None, piece =>
        {
            Interlocked.Increment(ref begun);
            if (piece >= 3) throw new InvalidDataException($"piece {piece}");
        }));

        Assert.Equal("piece 3", thrown.Message);
        Assert.InRange(begun, 4, 3 + Environment.ProcessorCount);
    }

    [Fact]
    public void For_CancelledMeanwhile_ThrowsThatItWasCancelled()
    {
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => SideBySide.For(100_000, cancellation.Token, piece =>
        {
            if (piece == 10) cancellation.Cancel();
        }));
    }
}
