using Serverless.Platform.Datasets;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>A booster that learns from all rows but a fold's, and is measured on these. Categories are learned from the same rows as the trees.</summary>
internal sealed class FoldFit : IDisposable
{
    private readonly DMatrix train;
    private readonly DMatrix heldOut;
    private readonly Booster booster;
    private readonly float[] labels;

    private FoldFit(DMatrix train, DMatrix heldOut, Booster booster, float[] labels)
    {
        this.train = train;
        this.heldOut = heldOut;
        this.booster = booster;
        this.labels = labels;
    }

    public static FoldFit Create(LabeledTable rows, int[] heldOutRows, TrialParameters parameters, int seed)
    {
        var learned = rows.Take(CrossValidationFolds.Others(rows.RowCount, heldOutRows));
        var measured = rows.Take(heldOutRows);
        var encoding = FeatureEncoding.Learn(learned.Features);
        DMatrix? train = null;
        DMatrix? heldOut = null;
        try
        {
            train = DMatrix.Of(encoding.Encode(learned.Features), learned.Labels);
            heldOut = DMatrix.Of(encoding.Encode(measured.Features));
            return new FoldFit(train, heldOut, Booster.ToTrain(train, parameters.ToBooster(seed)), measured.Labels);
        }
        catch
        {
            heldOut?.Dispose();
            train?.Dispose();
            throw;
        }
    }

    public void Boost(int round) => booster.Boost(round, train);

    /// <summary>The probability of the positive class for each row of the fold.</summary>
    public float[] Predict() => booster.Predict(heldOut);

    public double Measure(string metric) => new ScoreRanking(Predict(), labels).Measure()[metric];

    public void Dispose()
    {
        booster.Dispose();
        heldOut.Dispose();
        train.Dispose();
    }
}
