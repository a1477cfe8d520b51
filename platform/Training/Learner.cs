using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>A learner as a version keeps it, in XGBoost's binary format (UBJSON).</summary>
/// <param name="Booster">Trees, or where the model is linear its weights.</param>
/// <param name="Linear">The linear part where the model is both, each part weighted already, so that their margins add up; else null.</param>
public sealed record LearnerFiles(byte[] Booster, byte[]? Linear = null);

/// <summary>A model's learner: trees, a linear model, or both, whose margins add up.</summary>
internal sealed class Learner : IDisposable
{
    /// <param name="trees">The trees; null where the model is linear.</param>
    /// <param name="linear">The linear model or part; null where there are trees alone.</param>
    public Learner(Booster? trees, Booster? linear)
    {
        if (trees is null && linear is null) throw new ArgumentException("There is neither a booster of trees nor a linear one; expected at least one.", nameof(trees));
        Trees = trees;
        Linear = linear;
    }

    public Booster? Trees { get; }

    public Booster? Linear { get; }

    /// <param name="files">What a version keeps.</param>
    /// <param name="signature">Its signature, which says what they are.</param>
    /// <exception cref="InvalidDataException">The model is both, and its linear part is not there.</exception>
    public static Learner Load(LearnerFiles files, ModelSignature signature)
    {
        if (signature.Learner == LearnerKind.Linear) return new Learner(null, Booster.Load(files.Booster));
        var linear = signature.Learner == LearnerKind.Mixed
            ? files.Linear ?? throw new InvalidDataException("The model is the mean of trees and a linear model, and of the linear one there is no file; expected one beside the trees'.")
            : null;
        var trees = Booster.Load(files.Booster);
        try
        {
            return new Learner(trees, linear is null ? null : Booster.Load(linear));
        }
        catch
        {
            trees.Dispose();
            throw;
        }
    }

    public LearnerFiles Save() => new((Trees ?? Linear)!.Save(), Trees is null ? null : Linear?.Save());

    /// <summary>The margins of each row: log-odds, of several classes up to a constant of the row; or the value.</summary>
    /// <param name="encoding">The encoding that the learner was fitted with.</param>
    /// <param name="features">Rows as trees see them.</param>
    public float[] Margins(LearnerEncoding encoding, DenseMatrix features)
    {
        float[]? sum = null;
        foreach (var (kind, booster) in Parts())
        {
            using var matrix = DMatrix.Of(encoding.For(kind, features), kind);
            var margins = booster.Margins(matrix);
            sum = sum is null ? margins : [.. sum.Zip(margins, (a, b) => a + b)];
        }

        return sum!;
    }

    /// <summary>The boosters that there are, each with its kind.</summary>
    public IEnumerable<(LearnerKind Kind, Booster Booster)> Parts()
    {
        if (Trees is not null) yield return (LearnerKind.Trees, Trees);
        if (Linear is not null) yield return (LearnerKind.Linear, Linear);
    }

    public void Dispose()
    {
        Trees?.Dispose();
        Linear?.Dispose();
    }
}
