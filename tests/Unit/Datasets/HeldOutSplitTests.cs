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
    public async Task Hash_OfOneRowWrittenInAnotherWay_IsOne()
    {
        var one = await HashAsync("a,b,Status", "1,x,bad");

        Assert.Equal(one, await HashAsync("Status,b,a", "bad,x,1"));
        Assert.Equal(one, await HashAsync("a,b,c,Status", "1.0, x ,NA,bad"));
        Assert.Equal(one, await HashAsync("id,a,b,Status", "77,1e0,x,bad", "id"));
    }

    [Fact]
    public async Task Hash_OfRowsThatDiffer_Differs()
    {
        ulong[] hashes = [await HashAsync("a,b,Status", "x,,bad"), await HashAsync("a,b,Status", ",x,bad"), await HashAsync("a,b,Status", "x,,good"), await HashAsync("a,b,Status", "x,x,bad"), await HashAsync("a,b,Status", "1,x,bad")];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    /// <summary>A change here moves rows between the parts of every dataset there is.</summary>
    [Fact]
    public async Task Hash_IsStable() => Assert.Equal(16977954998926036919UL, await HashAsync("Age,Home,Status", "30,rent,good"));

    private static async Task<ulong> HashAsync(string header, string row, params string[] ignored)
    {
        using var file = new TableFile("a.csv", Encoding.UTF8.GetBytes($"{header}\n{row}\n"));
        await using var reader = file.Open();
        Assert.True(await reader.ReadAsync(CancellationToken.None));
        return new RowHasher(header.Split(','), ignored).Hash(reader);
    }
}
