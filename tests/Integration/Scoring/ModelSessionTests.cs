using System.Diagnostics;
using Serverless.Platform.Scoring;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Scoring;

public sealed class ModelSessionTests(TrainingRun run, ITestOutputHelper output) : IClassFixture<TrainingRun>
{
    [Fact]
    public void Score_ManyRows_KeepsTheirOrderAndNeedsNoSecondPerHundredThousand()
    {
        var source = CreditData.All.Features;
        var table = source.Take([.. Enumerable.Range(0, 200_000).Select(r => r % source.RowCount)]);
        using var session = new ModelSession(run.Model.Onnx, run.Model.Signature);
        var few = session.Score(source, CancellationToken.None);

        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var scores = session.Score(table, CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        output.WriteLine($"{table.RowCount / clock.Elapsed.TotalSeconds:N0} rows/s with {run.Best.Rounds} trees of depth {run.Best.Parameters.MaxDepth}; {allocated:N0} bytes allocated");
        Assert.Equal(Enumerable.Range(0, scores.Length).Select(r => few[r % few.Length]), scores);
        Assert.True(allocated < table.RowCount * 8);
    }
}
