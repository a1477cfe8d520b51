using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>How rows become a learner's features: learned from training rows, applied to any.</summary>
/// <param name="Features">Raw columns to the features of trees.</param>
/// <param name="Scaling">These to the features of a linear model; null where there are trees alone.</param>
internal sealed record LearnerEncoding(FeatureEncoding Features, LinearScaling? Scaling)
{
    /// <summary>The encoding, and the training rows as trees see them. Where categories stand for their rate of positives, a row's own label is not in its rate.</summary>
    public static (LearnerEncoding Encoding, DenseMatrix Rows) Learn(LabeledTable train, LearnerKind kind)
    {
        var features = FeatureEncoding.Learn(train);
        var rows = features.EncodeTraining(train);
        return (new LearnerEncoding(features, kind == LearnerKind.Trees ? null : LinearScaling.Learn(rows, features.NumberCount)), rows);
    }

    /// <summary>The encoding a trained model was made with.</summary>
    public static LearnerEncoding Of(ModelSignature signature) => new(
        FeatureEncoding.Of(signature),
        signature.Learner == LearnerKind.Trees ? null : new LinearScaling(ScalesOf(signature)));

    /// <summary>How each number feature is standardised, in their order.</summary>
    public static IReadOnlyList<NumberScale> ScalesOf(ModelSignature signature) =>
    [
        .. signature.Columns.Select(c => c.Scale).OfType<NumberScale>(),
        .. Enumerable.Range(0, DateFeatures.Count).SelectMany(f => signature.Columns.Select(c => c.DateScales?[f]).OfType<NumberScale>()),
    ];

    /// <summary>Rows as trees see them.</summary>
    public DenseMatrix Encode(FeatureTable rows) => Features.Encode(rows);

    /// <summary>Rows as a part of the learner sees them.</summary>
    /// <param name="part">Trees, or a linear model.</param>
    /// <param name="features">The rows as trees see them.</param>
    public DenseMatrix For(LearnerKind part, DenseMatrix features) => part == LearnerKind.Trees ? features : ScalingOf(part).Apply(features);

    /// <summary>For each feature of a part of the learner, in order, the raw column it was made of.</summary>
    public IReadOnlyList<int> ColumnOfFeatures(LearnerKind part)
    {
        var columns = Features.ColumnOfFeatures();
        if (part == LearnerKind.Trees) return columns;
        var numbers = ScalingOf(part).Numbers;
        return [.. columns.Take(numbers.Count), .. columns.Zip(numbers).Where(n => n.Second.HasMissing).Select(n => n.First), .. columns.Skip(numbers.Count)];
    }

    /// <summary>The usual row as trees see it: numbers, dates among them, at their lower median, the other features at their mean.</summary>
    /// <param name="features">The training rows as trees see them.</param>
    public DenseMatrix UsualRow(DenseMatrix features)
    {
        var usual = new float[features.Columns];
        for (var column = 0; column < usual.Length; column++)
        {
            var values = Enumerable.Range(0, features.Rows).Select(row => features.Row(row)[column]);
            usual[column] = column < Features.NumberCount ? TypicalValue.Of(values)?.Median ?? float.NaN : (float)values.Average(value => (double)value);
        }

        return new DenseMatrix(usual, 1, features.Columns);
    }

    private LinearScaling ScalingOf(LearnerKind part) =>
        Scaling ?? throw new InvalidOperationException($"The encoding was made for trees alone, and {part} features are asked of it.");
}
