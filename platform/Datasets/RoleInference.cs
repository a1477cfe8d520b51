using System.Globalization;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>What a column is, by the values that all files have of it, unless the definition says so.</summary>
internal static class RoleInference
{
    /// <summary>Numbers in a row name rows only where there are this many of them.</summary>
    public const int LeastIdentifiers = 100;

    /// <summary>A column numbers rows when at least this share of its values is one more than the value before, and its range has as many numbers.</summary>
    public const double IdentifierShare = 0.90;

    /// <summary>A column is running text when its values have so many words in the mean, and are mostly distinct.</summary>
    public const double LeastWords = 3;

    /// <summary>A column of fewer distinct texts, or of a smaller share of them, is a category whatever it says.</summary>
    public const int LeastDistinctTexts = 50;

    /// <inheritdoc cref="LeastDistinctTexts"/>
    public const double DistinctTextShare = 0.20;

    /// <param name="survey">The column's values over all files.</param>
    /// <param name="told">The role that the definition gives it; null: none.</param>
    public static ColumnKind KindOf(ColumnSurvey survey, ColumnRole? told) => told switch
    {
        ColumnRole.Numeric => ColumnKind.Number,
        ColumnRole.Categorical => ColumnKind.Category,
        ColumnRole.Date => ColumnKind.Date,
        ColumnRole.Text => ColumnKind.Text,

        // Zeros and ones are a number to a learner as they are.
        ColumnRole.Boolean => survey.Numbers == survey.Values ? ColumnKind.Number : ColumnKind.Boolean,
        _ when survey.Numbers > 0 && survey.Numbers >= DatasetSchema.NumberShare * survey.Values => ColumnKind.Number,
        _ when survey.Dates > 0 && survey.Dates >= DatasetSchema.NumberShare * survey.Values => ColumnKind.Date,
        _ when survey.Booleans == survey.Values && BooleanWords.ArePair(survey.BooleanBits) => ColumnKind.Boolean,
        _ => ColumnKind.Category,
    };

    /// <summary>Why a column is no feature although its values could be; null: it is one.</summary>
    public static string? ReasonAgainst(ColumnSurvey survey, ColumnRole? told)
    {
        if (told == ColumnRole.Identifier)
        {
            return "an identifier, as the definition says";
        }

        if (told is null && survey.Forms.AreMixed && survey.Forms.Dates >= DatasetSchema.NumberShare * survey.Values)
        {
            return $"dates in more than one format: {survey.Forms}; write all of them as yyyy-MM-dd" + (survey.Forms.Slashed > 0
                ? $": {DateForms.SlashedUnread}"
                : ", or write its role, 'date', under 'features': then each is read by its own form, and rows with a value that is no date are refused");
        }

        // Hours or months of rows sorted by time rise by one as well, and start again.
        return told is null && survey.Numbers >= LeastIdentifiers && survey.Rises >= IdentifierShare * survey.Values && survey.Span >= IdentifierShare * survey.Values
            ? string.Create(CultureInfo.InvariantCulture, $"like an identifier: {survey.Rises} of {survey.Values} values are one more than the value before")
            : null;
    }

    /// <summary>What is to be known of a column of dates that are not all written in one form; null: nothing.</summary>
    public static string? DatesRemark(ColumnSurvey survey, ColumnKind kind) => kind == ColumnKind.Date && survey.Forms.AreSeveral
        ? $"has dates in more than one format: {survey.Forms}; {(survey.Forms.Slashed > 0 ? $"{DateForms.SlashedUnread}, so that rows with one were refused; any other" : "each")} was read by its own form; write all of them as yyyy-MM-dd"
        : null;

    /// <summary>Whether a column of texts has as many words as running text.</summary>
    public static bool HasWords(ColumnSurvey survey) => survey.Texts >= DatasetSchema.NumberShare * survey.Values && survey.Words >= LeastWords * survey.Values;
}
