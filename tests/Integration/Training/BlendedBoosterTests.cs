using Serverless.Platform.Datasets;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class BlendedBoosterTests(ITestOutputHelper output)
{
    private readonly TrainingRun run = TrainingRun.Shared;

    private IReadOnlyList<TrialResult> Trials => TrialSelection.Blend(run.Trials, MetricNames.RocAuc, 5, most: 3);

    [Fact]
    public void Fit_OfSeveralTrials_HasTheMeanOfTheirLogOdds()
    {
        Assert.Equal(3, Trials.Count);
        var singles = Trials.Select(trial => Margins(Fit([trial]))).ToList();

        var blended = Margins(Fit(Trials));

        for (var row = 0; row < blended.Length; row++)
        {
            Assert.Equal(singles.Average(margins => margins[row]), blended[row], 1e-5);
        }
    }

    [Fact]
    public void Fit_OfSeveralTrials_IsExportedAndExplainedAsOneModel()
    {
        var model = Fit(Trials);
        var rows = CreditData.HeldOut.Features;

        Assert.True(ParityCheck.Run(model, rows, ParityCheck.DefaultTolerance, CancellationToken.None).Passed);
        Assert.InRange(ModelContributions.Of(model.Booster, model.Signature, rows, CancellationToken.None).AdditivityError, 0, 1e-4);
        Assert.Equal(model.Booster, Fit(Trials).Booster);
        Assert.Equal(model.Onnx, Fit(Trials).Onnx);
    }

    [Fact]
    public void Fit_OfSeveralTrials_IsNoWorseOnHeldOutRows()
    {
        var (best, blended) = (Auc(Fit([Trials[0]])), Auc(Fit(Trials)));

        output.WriteLine($"the best {best:F4}, the mean of three {blended:F4}");
        Assert.True(blended > best - 0.002, $"{blended} < {best}");
    }

    private static TrainedModel Fit(IReadOnlyList<TrialResult> trials) => ModelTrainer.Fit(CreditData.Train, CreditData.Definition, trials, CancellationToken.None);

    private static double[] Margins(TrainedModel model)
    {
        var rows = CreditData.HeldOut.Features;
        var contributions = ModelContributions.Of(model.Booster, model.Signature, rows, CancellationToken.None);
        return
        [
            .. Enumerable.Range(0, rows.RowCount).Select(row =>
                contributions.ExpectedMargin + Enumerable.Range(0, model.Signature.Columns.Count).Sum(column => (double)contributions[row, column])),
        ];
    }

    private static double Auc(TrainedModel model)
    {
        using var session = new ModelSession(model.Onnx, model.Signature);
        LabeledTable rows = CreditData.HeldOut;
        return new ScoreRanking(session.Score(rows.Features, CancellationToken.None), rows.Labels).Measure()[MetricNames.RocAuc];
    }
}
