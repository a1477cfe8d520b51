using System.Globalization;

namespace Serverless.Platform.Training;

/// <summary>How little a search measured, in words: in the run's warnings and on the model's card.</summary>
public static class SearchRemarks
{
    /// <param name="search">The search.</param>
    /// <param name="timeout">How much time it had.</param>
    /// <param name="trainRows">How many rows there were to learn from; null where nobody knows any more.</param>
    /// <returns>A sentence or two for each; empty where every trial had its folds. That no trial at all was done in time is told by <see cref="LearnerChoice.Untried"/>.</returns>
    public static IReadOnlyList<string> Of(TrialsReport search, TimeSpan timeout, long? trainRows) =>
        [.. new[] { Cut(search, timeout), OneFold(search, trainRows) }.OfType<string>()];

    /// <summary>How many folds there were: fewer than wanted where some could not be measured on.</summary>
    public static int FoldsInAll(TrialsReport search) =>
        search.Trials.Where(t => t.End == TrialEnd.Finished).Select(t => t.FoldScores.Count).DefaultIfEmpty().Max() is > 0 and var seen
            ? seen : search.Baseline?.FoldScores.Count ?? search.Folds;

    /// <summary>By how many folds the trials were chosen.</summary>
    public static int FoldsSeen(TrialsReport search) =>
        search.Trials.FirstOrDefault(t => t.Trial == search.Chosen) is { FoldScores.Count: > 0 } chosen ? chosen.FoldScores.Count : search.Folds;

    private static string? Cut(TrialsReport search, TimeSpan timeout)
    {
        if (search.Chosen is null || search.Trials.All(t => t.End != TrialEnd.OutOfTime)) return null;
        var (seen, all) = (FoldsSeen(search), FoldsInAll(search));
        return $"The training.timeout of {timeout} cut the search: how far it got depends on the machine and on what ran beside it, so that a repeat may choose otherwise. "
            + (seen < all ? $"It chose its trials by {seen} of {all} folds. " : "")
            + "A longer timeout, or fewer trials, makes it repeatable.";
    }

    private static string? OneFold(TrialsReport search, long? trainRows)
    {
        if (FoldsInAll(search) != 1) return null;
        var found = trainRows > CrossValidationFolds.MostRowsForAll
            ? string.Create(CultureInfo.InvariantCulture, $"Of more than {CrossValidationFolds.MostRowsForAll:N0} training rows one fold is held out and no more")
            : $"Of the {search.Folds} folds only one could be measured on";
        return $"{found}: how steady the model is from fold to fold is not known, and fold-deviation is not measured. Judge it by the held-out rows and their intervals.";
    }
}
