using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

public sealed class HeldOutSplitTests
{
    [Theory]
    [InlineData(0UL, DataSplit.HeldOut)]
    [InlineData(19UL, DataSplit.HeldOut)]
    [InlineData(20UL, DataSplit.Train)]
    [InlineData(119UL, DataSplit.HeldOut)]
    [InlineData(ulong.MaxValue, DataSplit.HeldOut)]
    [InlineData(ulong.MaxValue - 16, DataSplit.Train)]
    public void Of_Hash_HoldsOutRemaindersBelowTwenty(ulong hash, DataSplit expected) => Assert.Equal(expected, HeldOutSplit.Of(hash));

    [Fact]
    public void Hash_RowsThatALearnerCannotTellApart_AreOne()
    {
        var one = new RowHasher([new FeatureColumn("a", ColumnKind.Number), new FeatureColumn("b", ColumnKind.Category)]).Hash([1f, float.NaN], [null, "x"u8.ToArray()], "bad");
        var reordered = new RowHasher([new FeatureColumn("b", ColumnKind.Category), new FeatureColumn("a", ColumnKind.Number)]).Hash([float.NaN, 1f], ["x"u8.ToArray(), null], "bad");
        var withMissingColumn = new RowHasher([new FeatureColumn("b", ColumnKind.Category), new FeatureColumn("a", ColumnKind.Number), new FeatureColumn("c", ColumnKind.Number)])
            .Hash([float.NaN, 1f, float.NaN], ["x"u8.ToArray(), null, null], "bad");

        Assert.Equal(one, reordered);
        Assert.Equal(one, withMissingColumn);
    }

    [Fact]
    public void Hash_RowsThatDiffer_Differ()
    {
        var hasher = new RowHasher([new FeatureColumn("a", ColumnKind.Category), new FeatureColumn("b", ColumnKind.Category)]);
        ulong[] hashes =
        [
            hasher.Hash([float.NaN, float.NaN], ["x"u8.ToArray(), null], "bad"),
            hasher.Hash([float.NaN, float.NaN], [null, "x"u8.ToArray()], "bad"),
            hasher.Hash([float.NaN, float.NaN], ["x"u8.ToArray(), null], "good"),
            hasher.Hash([float.NaN, float.NaN], ["x"u8.ToArray(), "x"u8.ToArray()], "bad"),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    /// <summary>A change here moves rows between the parts of every dataset there is.</summary>
    [Fact]
    public void Hash_IsStable() => Assert.Equal(
        6345476046278450634UL,
        new RowHasher([new FeatureColumn("Age", ColumnKind.Number), new FeatureColumn("Home", ColumnKind.Category)]).Hash([30f, float.NaN], [null, "rent"u8.ToArray()], "good"));
}
