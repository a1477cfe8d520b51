using System.Globalization;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>Which values a dataset's target may have.</summary>
/// <param name="Task">What the target is for.</param>
/// <param name="Names">Of two classes the positive one and the other; of several all of them in ordinal order; empty for regression, where any number may be.</param>
/// <param name="Excluded">Of several classes those whose rows are refused, with the reasons, in ordinal order.</param>
internal sealed record TargetClasses(LearningTask Task, IReadOnlyList<string> Names, IReadOnlyList<ExcludedClass> Excluded)
{
    /// <summary>Values to predict beyond this are refused: squares of errors and sums of leaves must stay finite.</summary>
    public const float GreatestMagnitude = 1e37f;

    private readonly HashSet<string> names = new(Names, StringComparer.Ordinal);
    private readonly Dictionary<string, string> excluded = Excluded.ToDictionary(e => e.Name, e => e.Reason, StringComparer.Ordinal);

    /// <summary>Of two classes the definition's positive value.</summary>
    public string? Positive => Task == LearningTask.BinaryClassification ? Names[0] : null;

    /// <summary>Of two classes the other value most rows have.</summary>
    public string? Negative => Task == LearningTask.BinaryClassification ? Names[1] : null;

    /// <summary>Why a row of this target cannot be learned from; null when it can.</summary>
    /// <param name="value">As <see cref="TargetValue"/> has it.</param>
    public (string Reason, string Remedy)? Refuse(string value)
    {
        if (Task != LearningTask.Regression && names.Contains(value))
        {
            return null;
        }

        var expected = Task switch
        {
            LearningTask.Regression => "expected a number",
            LearningTask.MulticlassClassification => $"expected one of the {Names.Count} classes",
            _ => $"expected '{Positive}' or '{Negative}'",
        };
        if (value.Length == 0)
        {
            return ($"The target is missing; {expected}.", "Fill it in, or leave the row out.");
        }

        var found = $"The target is '{ValueExcerpt.Of(value)}'";
        if (excluded.TryGetValue(value, out var reason))
        {
            return ($"{found}, a class that is left out: {reason}.", "Add rows of this class, or merge it with another.");
        }

        return Task != LearningTask.Regression
            ? ($"{found}; {expected}.", "Correct it, or leave the row out.")
            : !ValueParser.TryNumber(value, out var number)
                ? ($"{found}; {expected}.", "Write it with a point before the decimals and nothing else, or leave the row out.")
                : MathF.Abs(number) > GreatestMagnitude
                    ? (string.Create(CultureInfo.InvariantCulture, $"{found}; expected a number of at most {GreatestMagnitude}."), "Write the target in a larger unit.")
                    : null;
    }
}
