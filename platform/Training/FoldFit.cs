using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>A fold's two sides as a learner sees them. What is learned of categories and numbers is learned from the same rows as the model.</summary>
/// <param name="Kind">Trees or a linear model.</param>
/// <param name="Train">The features to learn from.</param>
/// <param name="Learned">The rows they were made of, with labels as the learner is given them.</param>
/// <param name="HeldOut">The features of the fold.</param>
/// <param name="Measured">The rows they were made of.</param>
/// <param name="Scale">How numbers to predict were put to the learner; null for classes.</param>
internal sealed record FoldRows(LearnerKind Kind, DenseMatrix Train, LabeledTable Learned, DenseMatrix HeldOut, LabeledTable Measured, LabelScale? Scale)
{
    public static FoldRows Of(LabeledTable rows, int[] heldOutRows, LearnerKind kind)
    {
        var learned = rows.Take(CrossValidationFolds.Others(rows, heldOutRows));
        var scale = LabelScale.Of(learned);
        learned = scale?.Apply(learned) ?? learned;
        var measured = rows.Take(heldOutRows);
        var (encoding, train) = LearnerEncoding.Learn(learned, kind);
        return new FoldRows(kind, encoding.For(kind, train), learned, encoding.For(kind, encoding.Encode(measured.Features)), measured, scale);
    }
}

/// <summary>A booster that learns from all rows but a fold's, and is measured on these.</summary>
internal sealed class FoldFit : IDisposable
{
    private readonly FitPlan plan;
    private readonly FoldRows rows;
    private readonly DMatrix train;
    private readonly DMatrix heldOut;
    private readonly Booster booster;

    public FoldFit(FoldRows rows, FitPlan plan, ClassWeights? weights)
    {
        this.plan = plan;
        this.rows = rows;
        train = DMatrix.Of(rows.Train, rows.Kind, rows.Learned.Labels, weights?.For(rows.Learned));
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

    /// <summary>The margins of each row of the fold: log-odds, of several classes up to a constant of the row.</summary>
    public float[] PredictMargins() => booster.Margins(heldOut);

    /// <summary>A metric on the fold: of classes to six decimals, of numbers, whose unit may be any, to nine digits.</summary>
    public double Measure(string metric)
    {
        var predicted = booster.Predict(heldOut);
        var measured = rows.Measured;
        var value = TaskMetrics.Value(
            measured.Task, metric, rows.Scale?.Restore(predicted) ?? predicted, Math.Max(1, measured.Classes.Count), measured.Labels);
        return rows.Scale is null ? Math.Round(value, 6) : double.Parse(value.ToString("G9", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        booster.Dispose();
        heldOut.Dispose();
        train.Dispose();
    }
}
