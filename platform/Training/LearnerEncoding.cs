using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>How rows become a learner's features: learned from training rows, applied to any.</summary>
/// <param name="Features">Raw columns to the features of trees.</param>
/// <param name="Scaling">These to the features of a linear model; null for trees.</param>
internal sealed record LearnerEncoding(FeatureEncoding Features, LinearScaling? Scaling)
{
    /// <summary>The encoding, and the training rows by it. Where categories stand for their rate of positives, a row's own label is not in its rate.</summary>
    public static (LearnerEncoding Encoding, DenseMatrix Rows) Learn(LabeledTable train, LearnerKind kind)
    {
        var features = FeatureEncoding.Learn(train);
        var rows = features.EncodeTraining(train);
        if (kind == LearnerKind.Trees) return (new LearnerEncoding(features, null), rows);
        var scaling = LinearScaling.Learn(rows, features.NumberCount);
        return (new LearnerEncoding(features, scaling), scaling.Apply(rows));
    }

    /// <summary>The encoding a trained model was made with.</summary>
    public static LearnerEncoding Of(ModelSignature signature) => new(
        FeatureEncoding.Of(signature),
        signature.Learner == LearnerKind.Linear ? new LinearScaling(ScalesOf(signature)) : null);

    /// <summary>How each number feature is standardised, in their order.</summary>
    public static IReadOnlyList<NumberScale> ScalesOf(ModelSignature signature) =>
    [
        .. signature.Columns.Select(c => c.Scale).OfType<NumberScale>(),
        .. Enumerable.Range(0, DateFeatures.Count).SelectMany(f => signature.Columns.Select(c => c.DateScales?[f]).OfType<NumberScale>()),
    ];

    /// <summary>For each feature, in order, the raw column it was made of.</summary>
    public IReadOnlyList<int> ColumnOfFeatures()
    {
        var columns = Features.ColumnOfFeatures();
        return Scaling is null
            ? columns
            : [.. columns.Take(Scaling.Numbers.Count), .. columns.Zip(Scaling.Numbers).Where(n => n.Second.HasMissing).Select(n => n.First), .. columns.Skip(Scaling.Numbers.Count)];
    }

    public DenseMatrix Encode(FeatureTable rows)
    {
        var features = Features.Encode(rows);
        return Scaling is null ? features : Scaling.Apply(features);
    }
}
