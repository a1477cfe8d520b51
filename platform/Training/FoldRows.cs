using System.Runtime.CompilerServices;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>
/// A fold's two sides as a learner sees them, in XGBoost's memory. What is learned of categories and numbers is learned from the same rows as the model.
/// Fits that are made at the same time share them, those of other trials too; with the last that is done they go.
/// </summary>
internal sealed class FoldRows
{
    private static readonly ConditionalWeakTable<LabeledTable, Dictionary<Key, Shared>> OfTables = [];

    private FoldRows(LabeledTable rows, int[] heldOut, LearnerKind kind, ClassWeights? weights)
    {
        var learned = rows.Take(CrossValidationFolds.Others(rows, heldOut));
        Scale = LabelScale.Of(learned);
        learned = Scale?.Apply(learned) ?? learned;
        var measured = rows.Take(heldOut);
        (Task, Classes, Truth) = (measured.Task, measured.Classes.Count, measured.Labels);
        var (encoding, train) = LearnerEncoding.Learn(learned, kind);
        Train = DMatrix.ToLearn(encoding.For(kind, train), kind, learned.Labels, weights?.For(learned));
        try
        {
            HeldOut = DMatrix.Of(encoding.For(kind, encoding.Encode(measured.Features)), kind);
        }
        catch
        {
            Train.Dispose();
            throw;
        }
    }

    public LearningTask Task { get; }

    /// <summary>How many classes there are; 0 of numbers and of two classes.</summary>
    public int Classes { get; }

    /// <summary>The rows to learn from.</summary>
    public DMatrix Train { get; }

    /// <summary>The fold's.</summary>
    public DMatrix HeldOut { get; }

    /// <summary>The labels of the fold's, as they are in the table.</summary>
    public float[] Truth { get; }

    /// <summary>How numbers to predict were put to the learner; null for classes.</summary>
    public LabelScale? Scale { get; }

    /// <summary>Does something with a fold.</summary>
    /// <param name="rows">All training rows.</param>
    /// <param name="folds">What <see cref="CrossValidationFolds.Usable"/> makes of them by the policy.</param>
    /// <param name="fold">Which of these.</param>
    /// <param name="kind">Trees or a linear model.</param>
    /// <param name="policy">Folds, seed and weights.</param>
    /// <param name="use">What to do; the rows are gone after it.</param>
    public static T Use<T>(LabeledTable rows, int[][] folds, int fold, LearnerKind kind, TrainingPolicy policy, Func<FoldRows, T> use)
    {
        var shared = OfTables.GetOrCreateValue(rows);
        var key = new Key(fold, kind, policy.Folds, policy.Seed, policy.Weights);
        Shared? taken;
        lock (shared)
        {
            if (!shared.TryGetValue(key, out taken)) shared[key] = taken = new Shared(new Lazy<FoldRows>(() => new FoldRows(rows, folds[fold], kind, policy.Weights)));
            taken.Users++;
        }

        try
        {
            return use(taken.Rows.Value);
        }
        finally
        {
            lock (shared)
            {
                if (--taken.Users == 0)
                {
                    shared.Remove(key);
                    if (taken.Rows.IsValueCreated) taken.Rows.Value.Free();
                }
            }
        }
    }

    private void Free()
    {
        Train.Dispose();
        HeldOut.Dispose();
    }

    private sealed record Key(int Fold, LearnerKind Kind, int Folds, int Seed, ClassWeights? Weights);

    private sealed class Shared(Lazy<FoldRows> rows)
    {
        public Lazy<FoldRows> Rows { get; } = rows;

        public int Users { get; set; }
    }
}
