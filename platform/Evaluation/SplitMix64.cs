namespace Serverless.Platform.Evaluation;

/// <summary>
/// A small random generator whose sequence is part of our results: the same seed gives the same trials, folds and resamples on every
/// machine and runtime version. Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong state = seed;

    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), its bias below 2⁻³².</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A bijection of 64-bit values in which every input bit changes about half of the output bits.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
