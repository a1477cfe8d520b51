using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class CrossValidationFoldsTests
{
    [Fact]
    public void HeldOut_RowsOfOneSplit_FillFiveEvenFolds()
    {
        // A split takes rows by the remainder of their hash; the folds of what is left must not follow it.
        var folds = CrossValidationFolds.HeldOut([.. Hashes(5_000).Where(h => h % 5 == 0)], 5, 17);

        Assert.Equal(5, folds.Length);
        Assert.All(folds, f => Assert.InRange(f.Length, 150, 250));
    }

    [Fact]
    public void HeldOut_EachRow_IsInExactlyOneFold() =>
        Assert.Equal(Enumerable.Range(0, 500), CrossValidationFolds.HeldOut([.. Hashes(500)], 5, 17).SelectMany(f => f).Order());

    [Fact]
    public void HeldOut_EqualRows_ShareAFold()
    {
        ulong[] hashes = [.. Hashes(50), .. Hashes(50)];

        Assert.All(CrossValidationFolds.HeldOut(hashes, 5, 17), f => Assert.Equal(f.Where(r => r < 50), f.Where(r => r >= 50).Select(r => r - 50)));
    }

    [Fact]
    public void HeldOut_ManyRows_IsOneFoldOfAFifth()
    {
        var fold = Assert.Single(CrossValidationFolds.HeldOut([.. Hashes(20_001)], 5, 17));

        Assert.InRange(fold.Length, 3_800, 4_200);
    }

    [Fact]
    public void HeldOut_AnotherSeed_CutsOtherwise() =>
        Assert.NotEqual(CrossValidationFolds.HeldOut([.. Hashes(50)], 5, 17)[0], CrossValidationFolds.HeldOut([.. Hashes(50)], 5, 18)[0]);

    private static IEnumerable<ulong> Hashes(int count) => Enumerable.Range(0, count).Select(i => (ulong)i);
}
