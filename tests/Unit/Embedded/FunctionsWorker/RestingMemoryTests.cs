using System.Runtime.CompilerServices;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

[Collection(ProcessMemoryCollection.Name)]
public sealed class RestingMemoryTests
{
    [Fact]
    public async Task RestingMemory_AfterABurst_GivesBackWhatItLeft()
    {
        using var memory = new RestingMemory(TimeSpan.FromMilliseconds(100));
        await memory.StartAsync(TestContext.Current.CancellationToken);
        var garbage = MakeGarbage();

        await Poll.UntilTrueAsync(() => !garbage.IsAlive, () => "The garbage is still there.");
        await memory.StopAsync(TestContext.Current.CancellationToken);
    }

    // Apart, so that no local of the test keeps what it makes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeGarbage()
    {
        // Old, so that only a whole collection finds it.
        var kept = new List<byte[]>(Enumerable.Range(0, 600).Select(_ => new byte[40_000]));
        GC.Collect();
        GC.Collect();
        return new WeakReference(kept[300]);
    }
}
