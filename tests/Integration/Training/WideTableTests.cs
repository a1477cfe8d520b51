using System.Diagnostics;
using Serverless.Platform.Datasets;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class WideTableTests(ITestOutputHelper output)
{
    private const int Columns = 2_000;

    [Fact]
    public void TwoThousandColumnsOfAllKinds_AreLearnedExportedScoredAndExplainedInTime()
    {
        var names = Enumerable.Range(0, Columns).Select(c => $"column {c}").ToArray();
        var kinds = string.Concat(Enumerable.Range(0, Columns).Select(c => "nnnnnnccbdcnncnbdcnt"[c % 20]));
        var train = Labeled(SyntheticRows.Of(names, kinds, 240, 1));
        var heldOut = Labeled(SyntheticRows.Of(names, kinds, 120, 2));
        var clock = Stopwatch.StartNew();

        var trial = TrialRunner.Run(train, SearchSpace.At(17, 0), CreditData.Definition.Training, 0, 1, CancellationToken.None)!.Result;
        Say("a fold of a trial", clock);
        var model = ModelTrainer.Fit(train, CreditData.Definition, [trial with { Rounds = 50 }], CancellationToken.None);
        Say($"fit and export, {model.Onnx.Length} bytes", clock);
        var parity = ParityCheck.Run(model, heldOut.Features, ParityCheck.DefaultTolerance, CancellationToken.None);
        Say("parity", clock);
        using var session = new ModelSession(model.Onnx, model.Signature);
        var importance = ModelImportance.Of(session, model.Learner, heldOut, "roc-auc", 17, CancellationToken.None);
        Say("importance", clock);

        Assert.True(parity.Passed, parity.ToString());
        Assert.Equal(Columns, importance.Columns.Count);
        Assert.Equal("column 0", importance.Columns[0].Column);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 120);
    }

    private static LabeledTable Labeled(LabeledTable rows) => rows with { Labels = Array.ConvertAll(rows.Features.Numbers(0), n => n > 0 ? 1f : 0f) };

    private void Say(string what, Stopwatch clock) => output.WriteLine($"{clock.Elapsed.TotalSeconds:F1} s: {what}");
}
