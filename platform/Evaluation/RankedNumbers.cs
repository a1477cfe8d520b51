namespace Serverless.Platform.Evaluation;

/// <summary>A column of numbers in their order.</summary>
internal sealed class RankedNumbers
{
    private const int MostBands = 32;
    private const int Missing = -1;

    private readonly float[] numbers;

    /// <param name="numbers">One per row; NaN where missing.</param>
    public RankedNumbers(float[] numbers)
    {
        this.numbers = numbers;
        Ranks = new float[numbers.Length];
        Bands = new int[numbers.Length];
        int[] order = [.. Enumerable.Range(0, numbers.Length)];
        // Missing values sort before all numbers.
        Array.Sort((float[])numbers.Clone(), order);
        for (var i = 0; i < order.Length;)
        {
            var start = i;
            for (; i < order.Length && numbers[order[i]].Equals(numbers[order[start]]); i++)
            {
                Ranks[order[i]] = (start + 1f) / order.Length;
                Bands[order[i]] = float.IsNaN(numbers[order[start]]) ? Missing : (int)((long)start * MostBands / order.Length);
            }
        }
    }

    /// <summary>Each row's place, 0 to 1, equal numbers at the first of theirs, missing ones before all others.</summary>
    public float[] Ranks { get; }

    /// <summary>The quantile band of each row, missing values in one of their own.</summary>
    public int[] Bands { get; }

    /// <summary>The ranks with missing values after all others; null where none is missing.</summary>
    public float[]? MissingLast => Bands.Contains(Missing) ? [.. Ranks.Select((rank, row) => Bands[row] == Missing ? 1f : rank / 2)] : null;

    /// <summary>
    /// The share of the labels' variance that a straight line explains, through the values or through the ranks of both, whichever is more; missing values
    /// explain nothing.
    /// </summary>
    public double Explains(float[] labels)
    {
        int[] present = [.. Enumerable.Range(0, numbers.Length).Where(r => !float.IsNaN(numbers[r]))];
        if (present.Length < 2) return 0;
        float[] actual = [.. present.Select(r => labels[r])];
        float[] values = [.. present.Select(r => numbers[r])];
        var byValue = Squared(values, actual);
        var byRank = Squared(new RankedNumbers(values).Ranks, new RankedNumbers(actual).Ranks);
        return (double)present.Length / numbers.Length * Math.Max(byValue, byRank);
    }

    /// <summary>The square of Pearson's correlation; 0 where either does not vary.</summary>
    private static double Squared(float[] one, float[] other)
    {
        double oneMean = one.Average(v => (double)v), otherMean = other.Average(v => (double)v);
        double both = 0, ones = 0, others = 0;
        for (var row = 0; row < one.Length; row++)
        {
            var (a, b) = (one[row] - oneMean, other[row] - otherMean);
            both += a * b;
            ones += a * a;
            others += b * b;
        }

        return ones > 0 && others > 0 ? both * both / (ones * others) : 0;
    }
}
