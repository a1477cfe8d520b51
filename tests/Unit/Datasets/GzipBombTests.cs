using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

[Collection(ProcessMemoryCollection.Name)]
public sealed class GzipBombTests
{
    [Fact]
    public async Task ReadAsync_GzipBomb_IsRefusedBeforeItHasCostMuch()
    {
        var bomb = TableFile.Gzip([.. "a,b\n"u8, .. Enumerable.Repeat("0,0\n"u8.ToArray(), 8_000_000).SelectMany(r => r)]);
        using var file = new TableFile("a.csv.gz", bomb);
        await using var reader = file.Open(new TableLimits { FreeExpandedBytes = 1 << 20 });
        var before = GC.GetTotalAllocatedBytes();
        while (await reader.ReadAsync(CancellationToken.None))
        {
        }

        Assert.Contains($"The file has {bomb.Length} bytes and expands to more than", reader.Refusal?.Reason, StringComparison.Ordinal);
        Assert.InRange(reader.Row, 1, 7_000_000);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 8 << 20);
    }
}
