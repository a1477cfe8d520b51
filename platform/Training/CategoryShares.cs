namespace Serverless.Platform.Training;

/// <summary>
/// One feature for a column of many categories: which share of the training rows has the category. Frequency encoding: rare ones often behave alike, and no label is
/// needed to tell them.
/// </summary>
/// <param name="Known">The categories that occur twice or oftener, in ordinal order.</param>
/// <param name="Shares">For each of them its share.</param>
/// <param name="Other">The share of a category that occurs once, for all others.</param>
public sealed record CategoryShares(IReadOnlyList<string> Known, IReadOnlyList<float> Shares, float Other)
{
    /// <returns>Null when the column has few categories, <see cref="CategoryRates.FewCategories"/>.</returns>
    public static CategoryShares? Learn(string[] values)
    {
        var counts = values.CountBy(v => v, StringComparer.Ordinal).ToArray();
        if (counts.Length <= CategoryRates.FewCategories) return null;
        var known = counts.Where(c => c.Value > 1).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
        return new CategoryShares([.. known.Select(c => c.Key)], [.. known.Select(c => (float)c.Value / values.Length)], 1f / values.Length);
    }

    /// <summary>The feature for any rows.</summary>
    public float[] ToFeature(string[] values) => CategoryRates.LookUp(values, Known, Shares, Other);
}
