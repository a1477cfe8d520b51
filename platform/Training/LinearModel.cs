namespace Serverless.Platform.Training;

/// <summary>A linear booster's weights, read from XGBoost's binary format.</summary>
/// <param name="Weights">Feature by feature, one per margin.</param>
/// <param name="Biases">What every row's margins start from.</param>
internal sealed record LinearModel(IReadOnlyList<float> Weights, IReadOnlyList<float> Biases)
{
    /// <summary>How many margins a row has.</summary>
    public int Width => Biases.Count;

    /// <exception cref="InvalidDataException">The model is none that is trained here; the message says what differs.</exception>
    public static LinearModel Parse(byte[] saved)
    {
        var learner = UbjsonValue.Parse(saved)["learner"];
        var weights = TreeEnsemble.Model(learner, "gblinear")["weights"].Numbers();

        // The last weights are the biases.
        var (baseMargin, width) = TreeEnsemble.Start(learner);
        return new LinearModel(weights[..^width], [.. weights[^width..].Select(bias => bias + baseMargin)]);
    }
}
