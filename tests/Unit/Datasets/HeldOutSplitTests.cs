using System.Text;
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
    public void Hash_OfOneRowWrittenInAnotherWay_IsOne()
    {
        var one = Hash("a,b,Status", "1,x,bad");

        Assert.Equal(one, Hash("Status,b,a", "bad,x,1"));
        Assert.Equal(one, Hash("a,b,c,Status", "1.0, x ,NA,bad"));
        Assert.Equal(one, Hash("id,a,b,Status", "77,1e0,x,bad", "id"));
    }

    [Fact]
    public void Hash_OfRowsThatDiffer_Differs()
    {
        ulong[] hashes = [Hash("a,b,Status", "x,,bad"), Hash("a,b,Status", ",x,bad"), Hash("a,b,Status", "x,,good"), Hash("a,b,Status", "x,x,bad"), Hash("a,b,Status", "1,x,bad")];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    /// <summary>A change here moves rows between the parts of every dataset there is.</summary>
    [Fact]
    public void Hash_IsStable() => Assert.Equal(16977954998926036919UL, Hash("Age,Home,Status", "30,rent,good"));

    private static ulong Hash(string header, string row, params string[] ignored)
    {
        var reader = new CsvChunkReader(Encoding.UTF8.GetBytes(row), new CsvHeader(new CsvDialect(','), header.Split(',')), new CsvPosition(1, 2, 0));
        Assert.True(reader.Read());
        return new RowHasher(header.Split(','), ignored).Hash(reader.Record);
    }
}
