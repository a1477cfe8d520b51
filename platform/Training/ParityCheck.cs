using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>Compares an exported graph, fed with raw columns, with the learner it was made from.</summary>
public static class ParityCheck
{
    /// <summary>The greatest difference of two probabilities that float sums of many trees explain; of values as a share of their root mean square.</summary>
    public const double DefaultTolerance = 1e-5;

    /// <param name="model">The model to check.</param>
    /// <param name="heldOut">Rows it was not trained on.</param>
    /// <param name="tolerance">The greatest absolute difference of probabilities allowed; of values that of their root mean square.</param>
    /// <param name="cancellationToken">Checked between batches of rows.</param>
    public static ParityReport Run(TrainedModel model, FeatureTable heldOut, double tolerance, CancellationToken cancellationToken)
    {
        if (heldOut.RowCount == 0) return new ParityReport(0, 0, tolerance, false);

        using var session = new ModelSession(model.Onnx, model.Signature);
        using var learner = Learner.Load(model.Learner, model.Signature);
        var encoding = LearnerEncoding.Of(model.Signature);
        float[] exported = [], margins = [];
        SideBySide.For(2, cancellationToken, side =>
        {
            if (side == 0) exported = session.Score(heldOut, cancellationToken);
            else margins = learner.Margins(encoding, encoding.Encode(heldOut));
        });
        float[] learned = model.Signature switch
        {
            { Task: LearningTask.Regression } => margins,
            { Classes: { } classes } => ClassProbabilities.Of(margins, classes.Count, model.Signature.Calibration?.Slope ?? 1),
            { Calibration: { } calibration } => Array.ConvertAll(margins, calibration.Probability),
            _ => Array.ConvertAll(margins, margin => (float)Calibration.Logistic(margin)),
        };
        if (model.Signature.Task == LearningTask.Regression)
        {
            tolerance *= Math.Sqrt(learned.Average(l => (double)l * l));
        }

        var difference = 0.0;
        for (var place = 0; place < learned.Length; place++)
        {
            // Max keeps NaN, and NaN is not within any tolerance.
            difference = Math.Max(difference, Math.Abs((double)exported[place] - learned[place]));
        }

        return new ParityReport(heldOut.RowCount, difference, tolerance, difference <= tolerance);
    }
}
