namespace Serverless.Local.Demo;

/// <summary>The area under the ROC curve, apart from the platform's own, so that the demo checks it from outside.</summary>
public static class RocAuc
{
    /// <summary>
    /// The chance that a positive row scores higher than a negative one, ties counting half: the Mann–Whitney U statistic
    /// divided by the number of such pairs.
    /// </summary>
    /// <exception cref="InvalidDataException">One of the classes has no rows.</exception>
    public static double Of(IEnumerable<(double Score, bool Positive)> rows)
    {
        long positives = 0, negativesBelow = 0;
        double pairsWon = 0;
        foreach (var tied in rows.GroupBy(row => row.Score).OrderBy(group => group.Key))
        {
            var positive = tied.Count(row => row.Positive);
            var negative = tied.Count() - positive;
            pairsWon += positive * (negativesBelow + negative / 2.0);
            positives += positive;
            negativesBelow += negative;
        }
        return positives > 0 && negativesBelow > 0
            ? pairsWon / ((double)positives * negativesBelow)
            : throw new InvalidDataException($"Rows of both classes are needed; found {positives} positive and {negativesBelow} negative.");
    }
}
