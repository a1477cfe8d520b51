using System.Globalization;

namespace Serverless.Platform.Datasets.Contracts;

/// <summary>Makes a contract of what a first dataset looks like, with slack, since the next files will not look quite the same.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Numbers may lie beyond those seen by the width of their range, on either side; where none was below 0, none may be.</item>
/// <item>Dates likewise, and by ten years at least: time goes on, but not to 9999.</item>
/// <item>Twice the share of missing values that was seen may be missing, and one percent more.</item>
/// <item>A column of few categories (20 at most, each seen 20 times on average) may have others in two percent of its values.</item>
/// <item>A text column without any value twice has to stay so.</item>
/// </list>
/// Of fewer than 1,000 rows less is known, and the slack is greater: 1,000/rows times the width, five rows' worth of the shares.
/// </remarks>
internal static class ContractInference
{
    private const double EnoughRows = 1000;
    private const double MissingSlack = 0.01;
    private const double UnseenSlack = 0.02;
    private const double RowsOfSlack = 5;
    private const double LeastDaysOfSlack = 3653;
    private const int MostCategories = 20;
    private const int LeastPerCategory = 20;

    /// <param name="model">The model.</param>
    /// <param name="profile">The profile of its first dataset.</param>
    /// <param name="unique">Columns of texts of which none came twice.</param>
    public static DataContract Infer(string model, DatasetProfile profile, IReadOnlySet<string> unique)
    {
        var columns = new Dictionary<string, ColumnContract>(StringComparer.Ordinal);
        foreach (var column in profile.Columns)
        {
            var said = column.Kind switch
            {
                ColumnKind.Number when column.Numbers is { } numbers => OfNumbers(numbers, profile.Rows),
                ColumnKind.Date => OfDates(column.Numbers, profile.Rows),
                _ => OfTexts(column, profile.Rows),
            };
            columns[column.Name] = said with { Missing = MissingOf(column, profile.Rows) };
        }

        foreach (var name in unique.Order(StringComparer.Ordinal))
        {
            columns[name] = new ColumnContract { Type = ContractType.Text, Unique = true };
        }

        return new DataContract(model, ContractOrigin.Inferred, columns);
    }

    private static ColumnContract OfNumbers(NumberProfile numbers, long rows)
    {
        var slack = (numbers.Max - numbers.Min) * Math.Max(1, EnoughRows / rows);
        return slack == 0
            ? new ColumnContract { Type = ContractType.Number }
            : new ColumnContract
            {
                Type = ContractType.Number,
                Min = numbers.Min >= 0 ? Math.Max(0, Round(numbers.Min - slack)) : Round(numbers.Min - slack),
                Max = Round(numbers.Max + slack),
            };
    }

    private static ColumnContract OfDates(NumberProfile? days, long rows)
    {
        if (days is null) return new ColumnContract { Type = ContractType.Date };
        var slack = Math.Max(LeastDaysOfSlack, (days.Max - days.Min) * Math.Max(1, EnoughRows / rows));
        return new ColumnContract { Type = ContractType.Date, Earliest = DayOf(days.Min - slack), Latest = DayOf(days.Max + slack) };
    }

    /// <param name="days">Days since 1970-01-01.</param>
    private static DateOnly DayOf(double days)
    {
        var epoch = new DateOnly(1970, 1, 1).DayNumber;
        return DateOnly.FromDayNumber((int)Math.Clamp(epoch + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));
    }

    private static ColumnContract OfTexts(ColumnProfile column, long rows)
    {
        var isClosed = column.TopCategories is { Count: > 0 } top && column.Distinct == top.Count
            && column.Distinct <= MostCategories && column.Count >= LeastPerCategory * column.Distinct;
        return new ColumnContract
        {
            Type = ContractType.Text,
            Values = isClosed ? [.. (column.TopCategories ?? []).Select(c => c.Value).Order(StringComparer.Ordinal)] : null,
            Unseen = isClosed ? Share(UnseenSlack + (RowsOfSlack / rows)) : null,
        };
    }

    private static double MissingOf(ColumnProfile column, long rows) => Share((2.0 * column.Missing / rows) + MissingSlack + (RowsOfSlack / rows));

    private static double Share(double share) => Math.Min(1, Math.Round(share, 4));

    private static double Round(double value) => double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
