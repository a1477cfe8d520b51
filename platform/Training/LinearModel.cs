using System.Text.Json;

namespace Serverless.Platform.Training;

/// <summary>A linear booster's weights, read from XGBoost's JSON format.</summary>
/// <param name="Weights">One per feature.</param>
/// <param name="Bias">What every row's margin starts from.</param>
internal sealed record LinearModel(IReadOnlyList<float> Weights, float Bias)
{
    /// <exception cref="InvalidDataException">The model is none that is trained here; the message says what differs.</exception>
    public static LinearModel Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var learner = document.RootElement.GetProperty("learner");
        var booster = learner.GetProperty("gradient_booster");
        if (booster.GetProperty("name").GetString() != "gblinear")
        {
            throw new InvalidDataException($"Found an XGBoost model of booster '{booster.GetProperty("name")}'; expected gblinear.");
        }

        float[] weights = [.. booster.GetProperty("model").GetProperty("weights").EnumerateArray().Select(w => w.GetSingle())];

        // The last weight is the bias; the base score is 0.5, whose log-odds are 0.
        return new LinearModel(weights[..^1], weights[^1]);
    }
}
