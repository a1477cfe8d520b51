using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>A fold's two sides as a learner sees them. What is learned of categories and numbers is learned from the same rows as the model.</summary>
internal sealed record FoldRows(LearnerKind Kind, DenseMatrix Train, float[] TrainLabels, DenseMatrix HeldOut, float[] HeldOutLabels)
{
    public static FoldRows Of(LabeledTable rows, int[] heldOutRows, LearnerKind kind)
    {
        var learned = rows.Take(CrossValidationFolds.Others(rows, heldOutRows));
        var measured = rows.Take(heldOutRows);
        var (encoding, train) = LearnerEncoding.Learn(learned, kind);
        return new FoldRows(kind, train, learned.Labels, encoding.Encode(measured.Features), measured.Labels);
    }
}

/// <summary>A booster that learns from all rows but a fold's, and is measured on these.</summary>
internal sealed class FoldFit : IDisposable
{
    private readonly FitPlan plan;
    private readonly float[] labels;
    private readonly DMatrix train;
    private readonly DMatrix heldOut;
    private readonly Booster booster;

    public FoldFit(FoldRows rows, FitPlan plan, ClassWeights? weights)
    {
        this.plan = plan;
        labels = rows.HeldOutLabels;
        train = DMatrix.Of(rows.Train, rows.Kind, rows.TrainLabels, weights?.For(rows.TrainLabels));
        try
        {
            heldOut = DMatrix.Of(rows.HeldOut, rows.Kind);
            booster = Booster.ToTrain(train, plan.Booster);
        }
        catch
        {
            heldOut?.Dispose();
            train.Dispose();
            throw;
        }
    }

    public void Boost(int round) => booster.Boost(round, train);

    /// <summary>Boosts all of the plan's rounds.</summary>
    public void Boost(CancellationToken cancellationToken)
    {
        for (var round = 0; round < plan.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Boost(round);
        }
    }

    /// <summary>The log-odds of the positive class for each row of the fold.</summary>
    public float[] PredictMargins() => booster.Margins(heldOut);

    public double Measure(string metric) => new ScoreRanking(booster.Predict(heldOut), labels).Measure()[metric];

    public void Dispose()
    {
        booster.Dispose();
        heldOut.Dispose();
        train.Dispose();
    }
}
