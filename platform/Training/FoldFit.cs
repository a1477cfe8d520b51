using System.Globalization;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>A booster that learns from all rows but a fold's, and is measured on these.</summary>
internal sealed class FoldFit : IDisposable
{
    private readonly FitPlan plan;
    private readonly FoldRows rows;
    private readonly Booster booster;

    public FoldFit(FoldRows rows, FitPlan plan)
    {
        this.plan = plan;
        this.rows = rows;
        booster = Booster.ToTrain(rows.Train, plan.Booster);
    }

    public void Boost(int round) => booster.Boost(round, rows.Train);

    /// <summary>Boosts all of the plan's rounds.</summary>
    public void Boost(CancellationToken cancellationToken)
    {
        for (var round = 0; round < plan.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Boost(round);
        }
    }

    /// <summary>The margins of each row of the fold: log-odds, of several classes up to a constant of the row; of numbers the value.</summary>
    public float[] PredictMargins() => Restored(booster.Margins(rows.HeldOut));

    /// <summary>Metrics on the fold: of classes to six decimals, of numbers, whose unit may be any, to nine digits.</summary>
    public double[] Measure(IReadOnlyList<string> metrics)
    {
        var scores = TaskScores.Of(rows.Task, Restored(booster.Predict(rows.HeldOut)), Math.Max(1, rows.Classes), rows.Truth);
        return [.. scores.Measure(metrics).Select(value =>
            rows.Scale is null ? Math.Round(value, 6) : double.Parse(value.ToString("G9", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))];
    }

    public void Dispose() => booster.Dispose();

    private float[] Restored(float[] predicted) => rows.Scale?.Restore(predicted) ?? predicted;
}
