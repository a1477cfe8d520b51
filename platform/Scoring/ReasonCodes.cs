using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Platform.Scoring;

/// <summary>
/// Why rows are decided as they are: the columns that moved a row's score most towards its decision, in plain words, by the learner's own
/// contributions (<see cref="ModelContributions"/>). What speaks against the decision is no reason for it, so a row may have fewer than asked for.
/// Of a text it is the word of it that weighs most, or one that it lacks. A missing value that counts as the usual one, since the model never learned what its lack means, is no reason either, nor a category that the model does not know, nor a word that is neither of a yes/no column's two. Of several classes it counts by how much more a column speaks for the class decided on than for the classes on average. A predicted number has no
/// decision: its reasons are what raised or lowered it most.
/// </summary>
public static class ReasonCodes
{
    /// <param name="learner">The learner, as the version keeps it.</param>
    /// <param name="signature">The columns it takes.</param>
    /// <param name="rows">The rows, which need not be any.</param>
    /// <param name="towards">For each row what its reasons speak for: the decision as it is to be called, and whether the score was raised to reach it.</param>
    /// <param name="count">How many reasons a row has at most, 0 to <see cref="ScoringPolicy.MostReasons"/>.</param>
    /// <param name="cancellationToken">Checked between batches of rows.</param>
    /// <returns>For each row its reasons, the weightiest first.</returns>
    public static IReadOnlyList<IReadOnlyList<string>> Of(
        LearnerFiles learner, ModelSignature signature, FeatureTable rows, Func<int, (string Decision, bool IsHigh)> towards, int count, CancellationToken cancellationToken)
    {
        if (rows.RowCount == 0)
        {
            return [];
        }

        var contributions = ModelContributions.Of(learner, signature, rows, cancellationToken);
        var places = ColumnBinding.Locate(rows, signature.Columns.Select(c => new FeatureColumn(c.Name, c.Kind)));
        var known = signature.Columns.Select(c => c.KnownCategories()).ToList();
        var forms = signature.Columns.Select(c => c.Words?.Forms()).ToList();
        return [.. Enumerable.Range(0, rows.RowCount).Select(row => ReasonsOf(row))];

        IReadOnlyList<string> ReasonsOf(int row)
        {
            if (signature.Task == LearningTask.Regression)
            {
                return
                [
                    .. Enumerable.Range(0, signature.Columns.Count)
                        .Where(column => contributions[row, column] != 0 && !IsUnlearned(column, row))
                        .OrderByDescending(column => Math.Abs(contributions[row, column])).ThenBy(column => column)
                        .Take(count)
                        .Select(column => $"{Named(column, row, margins => Math.Sign(contributions[row, column]) * margins(0))}: {Moves(contributions[row, column])}"),
                ];
            }

            var (decision, isHigh) = towards(row);
            return
            [
                .. Enumerable.Range(0, signature.Columns.Count)
                    .Select(column => (Column: column, Push: Push(margin => contributions[row, column, margin], decision, isHigh)))
                    .Where(c => c.Push > 0 && !IsUnlearned(c.Column, row))
                    .OrderByDescending(c => c.Push).ThenBy(c => c.Column)
                    .Take(count)
                    .Select(c => $"{Named(c.Column, row, margins => Push(margins, decision, isHigh))}: makes {decision} more likely"),
            ];
        }

        string Named(int column, int row, Func<Func<int, float>, float> push) => signature.Columns[column] is { Words: { Words.Count: > 0 } words } text && forms[column] is { } written && rows.Text(places[column], row).Length > 0
            ? $"{text.Name} {Word(words, written, column, row, push)}"
            : $"{signature.Columns[column].Name} is {ValueOf(rows, places[column], row)}{Beside(signature.Columns[column], column, row)}";

        // The word that weighs most, whether by being there or by being absent: which of them is as telling.
        string Word(TextWords words, IReadOnlyDictionary<string, int> written, int column, int row, Func<Func<int, float>, float> push)
        {
            var had = TextWords.PlacesIn(rows.Categories(places[column])[row], written);
            var (place, word) = words.Words.Index().MaxBy(w => push(margin => contributions.OfWord(row, column, w.Index, margin)));
            return $"{(had.Contains(place) ? "has" : "lacks")} '{word}'";
        }

        bool IsUnlearned(int column, int row) => signature.Columns[column] switch
        {
            // It counts as missing, but is not: what a lack means was never learned of this word.
            { Kind: ColumnKind.Boolean } when rows.Categories(places[column])[row] is { Length: > 0 } word && float.IsNaN(BooleanWords.ValueOf(word)) => true,
            { Typical: { } typical } of => !typical.LearnsMissing && float.IsNaN(NumberOf(of.Kind, column, row)),
            { Kind: ColumnKind.Category } of => !known[column].Contains(rows.Categories(places[column])[row]),
            _ => false,
        };

        float NumberOf(ColumnKind kind, int column, int row) => kind switch
        {
            ColumnKind.Number => FeatureEncoding.Known(rows.Numbers(places[column])[row]),
            ColumnKind.Date => DateFeatures.Known(rows.Numbers(places[column])[row]),
            _ => BooleanWords.ValueOf(rows.Categories(places[column])[row]),
        };

        // Which side of the usual a number is on, in words without a comma, which stand in a CSV unquoted: "Price is 700" alone does not say whether that is much or little.
        string Beside(SignatureColumn column, int place, int row)
        {
            if (column is not { Kind: ColumnKind.Number or ColumnKind.Date, Typical.Median: var usual }) return "";
            var (isDate, value) = (column.Kind == ColumnKind.Date, NumberOf(column.Kind, place, row));
            return value == usual ? " (as usual)"
                : value < usual ? $" ({(isDate ? "before" : "below")} the usual {UsualText()})"
                : value > usual ? $" ({(isDate ? "after" : "above")} the usual {UsualText()})"
                : "";

            string UsualText() => isDate ? ValueParser.DateText(usual) : NumberText(usual);
        }

        float Push(Func<int, float> margins, string decision, bool isHigh)
        {
            if (signature.Classes is not { } classes)
            {
                return isHigh ? margins(0) : -margins(0);
            }

            return margins(classes.Index().First(c => c.Item == decision).Index) - Enumerable.Range(0, classes.Count).Average(margins);
        }
    }

    private static string Moves(float by) => string.Create(CultureInfo.InvariantCulture, $"{(by > 0 ? "raises" : "lowers")} the prediction by {Rounded(Math.Abs(by), 4)}");

    /// <summary>A number as it was read. Single precision has all whole numbers up to 2^24 and seven digits beyond, so that more would be made up.</summary>
    private static string NumberText(float value) =>
        Math.Abs(value) <= 1 << 24 ? value.ToString(CultureInfo.InvariantCulture) : $"about {Rounded(value, 7)}";

    /// <summary>A number to so many digits, without an exponent where a person would write none.</summary>
    private static string Rounded(double value, int digits)
    {
        const int Written = 15;
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (exponent < digits || exponent >= Written) return value.ToString($"G{digits}", CultureInfo.InvariantCulture);
        var unit = Math.Pow(10, exponent - digits + 1);
        return (Math.Round(value / unit) * unit).ToString("F0", CultureInfo.InvariantCulture);
    }

    private static string ValueOf(FeatureTable rows, int column, int row)
    {
        // What identifies a person is looked for in texts; a column of numbers that does is refused or masked as a whole before a model is made of it.
        if (rows.Columns[column].Kind == ColumnKind.Number && rows.Numbers(column)[row] is var number && !float.IsNaN(number)) return NumberText(number);
        var value = rows.Text(column, row);
        return value.Length == 0 ? "not given" : ValueExcerpt.Of(value);
    }
}
