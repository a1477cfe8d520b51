using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>The hyperparameters that are tried: random search, which finds good sets with few trials (Bergstra, Bengio, JMLR 13, 2012).</summary>
public static class SearchSpace
{
    /// <summary>The parameters of a trial: the same for the same seed and trial, whatever other trials there are. Trial 0 is a sound default.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="trial">From 0.</param>
    public static TrialParameters At(int seed, int trial)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trial);
        if (trial == 0) return new TrialParameters(0, 0.05, 4, 3, 0.8, 0.8, 1, 0, 0);

        var random = new SplitMix64(SplitMix64.Mix((uint)seed) ^ (ulong)trial);
        return new TrialParameters(
            trial,
            LearningRate: LogUniform(ref random, 0.02, 0.15),
            MaxDepth: 2 + random.Below(6),
            MinChildWeight: LogUniform(ref random, 0.5, 20),
            Subsample: Uniform(ref random, 0.5, 1),
            ColumnSample: Uniform(ref random, 0.3, 1),
            Lambda: LogUniform(ref random, 0.1, 30),
            Alpha: random.Below(2) == 0 ? 0 : LogUniform(ref random, 0.01, 2),
            Gamma: random.Below(2) == 0 ? 0 : LogUniform(ref random, 0.01, 2));
    }

    private static double Uniform(ref SplitMix64 random, double low, double high) => Rounded(low + (random.NextDouble() * (high - low)));

    private static double LogUniform(ref SplitMix64 random, double low, double high) =>
        Rounded(low * Math.Pow(high / low, random.NextDouble()));

    // Four decimals are all a hyperparameter needs, and hide the last-bit differences of Math.Pow between machines.
    private static double Rounded(double value) => Math.Round(value, 4);
}
