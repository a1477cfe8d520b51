using System.Diagnostics;
using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Scoring;

public sealed class ModelSessionTests(ITestOutputHelper output)
{
    private readonly TrainingRun run = TrainingRun.Shared;
    [Fact]
    public void Score_ManyRows_KeepsTheirOrderAndAllocatesLittle()
    {
        var source = CreditData.All.Features;
        var table = source.Take([.. Enumerable.Range(0, 200_000).Select(r => r % source.RowCount)]);
        using var session = Open();
        var few = session.Score(source, CancellationToken.None);

        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var scores = session.Score(table, CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var used = Process.GetCurrentProcess().TotalProcessorTime - processor;
        output.WriteLine($"{table.RowCount / clock.Elapsed.TotalSeconds:N0} rows/s, {table.RowCount / used.TotalSeconds:N0} per processor second");
        output.WriteLine($"with {run.Best.Rounds} trees of depth {run.Best.Parameters.MaxDepth}; {allocated:N0} bytes allocated");
        Assert.Equal(Enumerable.Range(0, scores.Length).Select(r => few[r % few.Length]), scores);
        Assert.True(allocated < table.RowCount * 8);
    }

    [Fact]
    public void Score_FromManyThreads_GivesTheSameScores()
    {
        using var session = Open();
        var rows = CreditData.HeldOut.Features;
        var expected = session.Score(rows, CancellationToken.None);

        var scored = new float[32][];
        Parallel.For(0, scored.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => scored[i] = session.Score(rows, CancellationToken.None));

        Assert.All(scored, s => Assert.Equal(expected, s));
    }

    [Fact]
    public void Score_RowByRow_GivesTheScoresOfTheBatch()
    {
        using var session = Open();
        var rows = CreditData.HeldOut.Features;
        var batch = session.Score(rows, CancellationToken.None);

        Assert.All(Enumerable.Range(0, 50), r => Assert.Equal(batch[r], session.Score(rows.Take([r]), CancellationToken.None)[0], 1e-6f));
    }

    [Fact]
    public void Score_TwoThreads_GivesTheScoresOfOne()
    {
        using var one = Open();
        using var two = new ModelSession(run.Model.Onnx, run.Model.Signature, threads: 2);
        var rows = CreditData.All.Features;

        var expected = one.Score(rows, CancellationToken.None);

        Assert.All(two.Score(rows, CancellationToken.None).Zip(expected), s => Assert.Equal(s.Second, s.First, 1e-6f));
    }

    [Fact]
    public void Score_ColumnsInAnotherOrderAndOneMore_GivesTheSameScores()
    {
        using var session = Open();
        var rows = CreditData.HeldOut.Features;
        var columns = rows.Columns.Index().Reverse().ToArray();
        var values = columns.Select(c => c.Item.Kind == ColumnKind.Number ? (Array)rows.Numbers(c.Index) : rows.Categories(c.Index));
        var turned = new FeatureTable(
            [new("Note", ColumnKind.Category), .. columns.Select(c => c.Item)], [rows.Categories(1), .. values], rows.RowCount);

        Assert.Equal(session.Score(rows, CancellationToken.None), session.Score(turned, CancellationToken.None));
    }

    [Fact]
    public void Score_ColumnMissingOrOfTheOtherKind_NamesBoth()
    {
        using var session = Open();
        var rows = CreditData.HeldOut.Features;
        var columns = rows.Columns.Skip(1).Select(c => c.Name == "Age" ? c with { Kind = ColumnKind.Category } : c).ToArray();
        var values = columns.Select((c, i) => c.Kind == ColumnKind.Number ? (Array)rows.Numbers(i + 1) : rows.Categories(1));

        var fault = Assert.Throws<ArgumentException>(() => session.Score(new FeatureTable(columns, [.. values], rows.RowCount), CancellationToken.None));

        Assert.Contains("column 'Seniority' (Number) is missing; column 'Age' is Category, expected Number", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_StringsThatAreOfAnotherKindNow_GivesTheSameScores()
    {
        using var session = Open();
        var rows = CreditData.HeldOut.Features;
        var columns = rows.Columns.Select(c => c.Name == "Records" ? c with { Kind = ColumnKind.Boolean } : c).ToArray();
        var values = columns.Select((c, i) => c.Kind == ColumnKind.Number ? (Array)rows.Numbers(i) : rows.Categories(i));
        var now = new FeatureTable(columns, [.. values], rows.RowCount);

        Assert.Null(session.FindMisfit(now));
        Assert.Equal(session.Score(rows, CancellationToken.None), session.Score(now, CancellationToken.None));
    }

    [Fact]
    public void Score_NoRows_GivesNoScores()
    {
        using var session = Open();

        Assert.Empty(session.Score(CreditData.All.Features.Take([]), CancellationToken.None));
    }

    [Fact]
    public void Score_Cancelled_Throws()
    {
        using var session = Open();

        Assert.Throws<OperationCanceledException>(() => session.Score(CreditData.HeldOut.Features, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Constructor_BrokenBytes_SaysWhichModel(int length)
    {
        var fault = Assert.Throws<InvalidDataException>(() => new ModelSession(run.Model.Onnx[..length], run.Model.Signature));

        Assert.Contains("'credit-risk'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_SignatureOfAnotherModel_Throws()
    {
        var signature = run.Model.Signature with { Columns = [.. run.Model.Signature.Columns.Skip(1)] };

        Assert.Throws<InvalidDataException>(() => new ModelSession(run.Model.Onnx, signature));
    }

    private ModelSession Open() => new(run.Model.Onnx, run.Model.Signature);
}
