using System.Globalization;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>Decides over all files which values the target may have.</summary>
internal static class TargetSurvey
{
    /// <summary>The most classes of a target.</summary>
    public const int MostClasses = 100;

    /// <summary>A target to predict as a number has to be one in at least this share of its values; else the task is taken for a mistake.</summary>
    public const double LeastNumbers = 0.5;

    private const int MostNamed = 5;

    /// <param name="files">At least one.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="unfit">Of several classes those already found unfit, with the reasons.</param>
    public static (TargetClasses? Classes, Refusal? Refusal) Decide(
        IReadOnlyList<FileSurvey> files, ModelDefinition definition, IReadOnlyDictionary<string, string> unfit)
    {
        List<(string Value, long Rows)> counts =
        [
            .. files.SelectMany(f => f.TargetCounts)
                .GroupBy(c => c.Key, StringComparer.Ordinal)
                .Select(g => (Value: g.Key, Rows: g.Sum(c => c.Value)))
                .OrderByDescending(c => c.Rows)
                .ThenBy(c => c.Value, StringComparer.Ordinal),
        ];
        var target = definition.Target.Column;
        return definition.Task switch
        {
            LearningTask.Regression => Numbers(files, counts, target),
            LearningTask.MulticlassClassification => Several(counts, target, unfit),
            _ => Two(counts, target, definition.Target.Positive ?? ""),
        };
    }

    private static (TargetClasses? Classes, Refusal? Refusal) Two(List<(string Value, long Rows)> counts, string target, string positiveValue)
    {
        var positive = TargetValue.Of(positiveValue);
        var negative = counts.Find(c => c.Value != positive).Value;
        if (negative is not null && counts.Exists(c => c.Value == positive))
        {
            return (new TargetClasses(LearningTask.BinaryClassification, [positive, negative], []), null);
        }

        var wanted = negative is null ? $"'{positive}' and one other value" : $"the positive value '{positive}' and one other";
        return (null, new Refusal(
            $"The target '{target}' has {Found(counts)}; expected two classes, {wanted}.",
            MaskRemedy(counts) ?? (negative is null ? "Add rows of the other class." : $"Add rows of '{positive}', or correct target.positive in the definition; values are compared letter by letter."),
            Column: target));
    }

    private static (TargetClasses? Classes, Refusal? Refusal) Several(
        List<(string Value, long Rows)> counts, string target, IReadOnlyDictionary<string, string> unfit)
    {
        var reasons = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (value, rows) in counts)
        {
            if (rows < DatasetRequirements.MinimumRowsPerClass) reasons[value] = TooFew(rows);
            else if (unfit.TryGetValue(value, out var reason)) reasons[value] = reason;
        }

        string[] names = [.. counts.Select(c => c.Value).Where(v => !reasons.ContainsKey(v)).Order(StringComparer.Ordinal)];
        if (names.Length > MostClasses)
        {
            return (null, new Refusal(
                $"The target '{target}' has {names.Length} classes or more; expected at most {MostClasses}.",
                counts.TrueForAll(c => ValueParser.TryNumber(c.Value, out _))
                    ? "All of them are numbers: write 'task: regression' to predict a number, or merge classes."
                    : "Merge classes into broader ones.",
                Column: target));
        }

        return names.Length >= 2
            ? (new TargetClasses(LearningTask.MulticlassClassification, names, [.. reasons.Select(r => new ExcludedClass(r.Key, r.Value))]), null)
            : (null, new Refusal(
                $"The target '{target}' has {Found(counts)}; expected at least two classes with {DatasetRequirements.MinimumRowsPerClass} rows or more each, some of them held out.",
                MaskRemedy(counts) ?? (counts.Count > MostClasses && counts.TrueForAll(c => ValueParser.TryNumber(c.Value, out _))
                    ? "Its values are numbers: write 'task: regression' to predict a number."
                    : "Add rows of other classes."),
                Column: target));
    }

    private static (TargetClasses? Classes, Refusal? Refusal) Numbers(
        IReadOnlyList<FileSurvey> files, List<(string Value, long Rows)> counts, string target)
    {
        var numbers = files.Sum(f => f.Columns[target].Numbers);
        var texts = files.Sum(f => f.Columns[target].Texts);
        if (numbers == 0 || numbers < LeastNumbers * (numbers + texts))
        {
            return (null, new Refusal(
                $"The target '{target}' has {Found(counts)}; expected numbers, since the task is regression.",
                texts == 0 ? "Fill in the target." : "Correct the values, or write 'task: multiclass-classification' (for two classes binary-classification) to predict classes.",
                Column: target));
        }

        return counts.Count(c => ValueParser.TryNumber(c.Value, out _)) >= 2
            ? (new TargetClasses(LearningTask.Regression, [], []), null)
            : (null, new Refusal(
                $"The target '{target}' is constant: it has {Found(counts)}; expected numbers that differ.", "Add rows with other values of the target.", Column: target));
    }

    /// <summary>What to do about a target whose values were masked; null: none was.</summary>
    private static string? MaskRemedy(List<(string Value, long Rows)> counts) => counts.Exists(c => IdentifierMask.IsMask(c.Value))
        ? "Its values were taken for direct identifiers and masked. Name another column as the target, or write under 'data' in the definition which identifiers are none: identifiers: { e-mail: allow }."
        : null;

    /// <summary>Why a class of so many rows is left out.</summary>
    internal static string TooFew(long rows) => string.Create(
        CultureInfo.InvariantCulture, $"it has {rows} {(rows == 1 ? "row" : "rows")}, fewer than {DatasetRequirements.MinimumRowsPerClass}");

    private static string Found(List<(string Value, long Rows)> counts) => counts.Count == 0
        ? "no value at all"
        : string.Join(", ", counts.Take(MostNamed).Select(c => string.Create(CultureInfo.InvariantCulture, $"'{ValueExcerpt.Of(c.Value)}' in {c.Rows} {(c.Rows == 1 ? "row" : "rows")}")))
            + (counts.Count > MostNamed ? ", …" : "");
}
