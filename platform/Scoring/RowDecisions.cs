using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Scoring;

/// <summary>What a result says of each row, by the model's scores of it.</summary>
internal sealed class RowDecisions
{
    private readonly ModelSignature signature;
    private readonly float[] scores;
    private readonly string[] labels;
    private readonly byte[][] quoted;
    private readonly byte delimiter;
    private readonly ArrayBufferWriter<byte> more = new();

    /// <param name="plan">What the classes are called.</param>
    /// <param name="signature">The model's.</param>
    /// <param name="scores">Its scores, row by row.</param>
    public RowDecisions(ScoringPlan plan, ModelSignature signature, float[] scores)
    {
        this.signature = signature;
        this.scores = scores;
        delimiter = (byte)plan.Header.Dialect.Delimiter;
        labels = signature.Task switch
        {
            LearningTask.Regression => [],
            LearningTask.MulticlassClassification => [.. signature.Classes ?? []],
            _ => [plan.NegativeLabel, plan.PositiveLabel],
        };
        quoted = [.. labels.Select(label => Encoding.UTF8.GetBytes(ScoredRows.Quote(label, plan.Header.Dialect)))];
    }

    /// <summary>What was decided, and whether the score was raised to reach it: of two classes the negative one is reached by a low score.</summary>
    public (string Decision, bool IsHigh) Towards(int row) =>
        labels.Length == 0 ? ("", true) : (labels[Place(row)], signature.Task != LearningTask.BinaryClassification || Place(row) == 1);

    /// <summary>The probability of the positive class, or of the class decided on; or the predicted value.</summary>
    public float Score(int row) => signature.Width == 1 ? scores[row] : scores[(row * signature.Width) + Place(row)];

    /// <summary>The decision as it is written; empty for regression, which has none.</summary>
    public ReadOnlySpan<byte> Decision(int row) => labels.Length == 0 ? default : quoted[Place(row)];

    /// <summary>The fields after the refusal's, each after a delimiter: of several classes the probability of each, then the reasons.</summary>
    public ReadOnlySpan<byte> More(int row, ReadOnlySpan<byte> reasons)
    {
        if (signature.Classes is null)
        {
            return reasons;
        }

        const int longest = 32;
        more.ResetWrittenCount();
        for (var c = 0; c < signature.Width; c++)
        {
            var span = more.GetSpan(longest);
            span[0] = delimiter;
            Utf8Formatter.TryFormat(scores[(row * signature.Width) + c], span[1..], out var written);
            more.Advance(1 + written);
        }

        more.Write(reasons);
        return more.WrittenSpan;
    }

    /// <summary>Of two classes 1 for the positive one; of several the likeliest, the first of equals.</summary>
    private int Place(int row)
    {
        if (signature.Task == LearningTask.BinaryClassification)
        {
            return scores[row] >= signature.Threshold ? 1 : 0;
        }

        var of = scores.AsSpan(row * signature.Width, signature.Width);
        var best = 0;
        for (var c = 1; c < of.Length; c++)
        {
            if (of[c] > of[best])
            {
                best = c;
            }
        }

        return best;
    }
}
