using System.Text.Json.Serialization;

namespace Serverless.Platform.Training;

[JsonConverter(typeof(JsonStringEnumConverter<CalibrationMethod>))]
public enum CalibrationMethod
{
    /// <summary>A line in log-odds. Platt, Advances in Large Margin Classifiers, 1999.</summary>
    Platt,

    /// <summary>A rising curve: isotonic regression over groups of rows, in straight pieces between the groups, so that no two scores become one. Zadrozny, Elkan, KDD 2002.</summary>
    Isotonic,

    /// <summary>One factor for the margins of all classes. Guo, Pleiss, Sun, Weinberger, On calibration of modern neural networks, ICML 2017.</summary>
    Temperature,
}

/// <summary>
/// Turns a learner's log-odds into calibrated ones: <c>Intercept + Slope·m + Σ Bend·max(0, m − From)</c>. It rises everywhere, so it changes no ranking.
/// </summary>
/// <param name="Method">How it was fitted.</param>
/// <param name="Intercept">In log-odds; 0 for several classes.</param>
/// <param name="Slope">Of the first piece; of several classes the factor of all margins.</param>
/// <param name="Bends">Where the slope changes; isotonic regression alone has them.</param>
/// <param name="LogLoss">The cross-validated log-loss with it, in nats.</param>
/// <param name="LogLossBefore">Without it.</param>
public sealed record Calibration(
    CalibrationMethod Method, float Intercept, float Slope, IReadOnlyList<CalibrationBend> Bends, double LogLoss, double LogLossBefore)
{
    /// <summary>The calibrated probability, in the same steps as the graph takes.</summary>
    public float Probability(float margin)
    {
        var bent = 0f;
        foreach (var bend in Bends) bent += bend.Slope * Math.Max(0, margin - bend.From);
        return Logistic((Slope * margin) + Intercept + bent);
    }

    internal static float Logistic(float margin) => (float)(1 / (1 + Math.Exp(-(double)margin)));
}

/// <param name="From">The log-odds from which on the slope is another.</param>
/// <param name="Slope">By how much.</param>
public sealed record CalibrationBend(float From, float Slope);
