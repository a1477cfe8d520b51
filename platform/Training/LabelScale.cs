using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>
/// How a number to predict is put to a learner: in standard deviations from the mean of the rows that are learned from. Penalties and XGBoost's own
/// least gain of a split then mean the same whatever the target's unit is.
/// </summary>
/// <param name="Mean">In the target's unit.</param>
/// <param name="Deviation">In the target's unit; 1 where all values are alike.</param>
internal sealed record LabelScale(float Mean, float Deviation)
{
    /// <returns>Null for classes.</returns>
    public static LabelScale? Of(LabeledTable rows)
    {
        if (rows.Task != LearningTask.Regression)
        {
            return null;
        }

        var mean = rows.Labels.Average(l => (double)l);
        var deviation = (float)Math.Sqrt(rows.Labels.Average(l => (l - mean) * (l - mean)));
        return new LabelScale((float)mean, deviation > 0 && float.IsFinite(deviation) ? deviation : 1);
    }

    /// <summary>The rows as a learner is given them.</summary>
    public LabeledTable Apply(LabeledTable rows) => rows with { Labels = [.. rows.Labels.Select(l => (float)(((double)l - Mean) / Deviation))] };

    /// <summary>Predictions in the target's unit.</summary>
    public float[] Restore(float[] predictions) => [.. predictions.Select(p => (float)(((double)p * Deviation) + Mean))];
}
