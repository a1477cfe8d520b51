namespace Serverless.Platform.Evaluation;

/// <summary>All rows in the order of their probabilities of one class, prepared so that each resample reads memory in order but for its weights.</summary>
internal sealed class ClassRanking
{
    private const int OfTheClass = 1;
    private const int LastOfItsScore = 2;
    private const int Marks = 2;

    // The row, and two marks: whether it is of the class, and whether the next row has another score.
    private readonly long[] places;

    public ClassRanking(ClassScores rows, int @class)
    {
        int[] order = [.. Enumerable.Range(0, rows.Rows)];
        float[] scores = [.. order.Select(r => -rows.Score(r, @class))];
        Array.Sort(scores, order);
        places = new long[order.Length];
        for (var place = 0; place < places.Length; place++)
        {
            var last = place + 1 == places.Length || scores[place + 1] != scores[place];
            places[place] = ((long)order[place] << Marks) | (rows.Labels[order[place]] == @class ? OfTheClass : 0L) | (last ? LastOfItsScore : 0L);
        }
    }

    /// <summary>The chance that a row of the class scores above one of another; a tie counts half.</summary>
    /// <param name="positives">The weight of the class's rows.</param>
    /// <param name="negatives">The weight of all others.</param>
    /// <param name="weights">How often each row counts.</param>
    public double RocAuc(long positives, long negatives, ReadOnlySpan<int> weights)
    {
        long above = 0, tiedPositives = 0, tiedNegatives = 0;
        var wins = 0.0;
        foreach (var place in places)
        {
            var weight = weights[(int)(place >> Marks)];
            if ((place & OfTheClass) != 0) tiedPositives += weight;
            else tiedNegatives += weight;
            if ((place & LastOfItsScore) == 0) continue;
            wins += tiedNegatives * (above + (0.5 * tiedPositives));
            above += tiedPositives;
            tiedPositives = tiedNegatives = 0;
        }

        return wins / ((double)positives * negatives);
    }
}
