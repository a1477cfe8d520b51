using System.Globalization;
using System.IO.Hashing;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>How a dataset's rows were split, where that was not by chance.</summary>
/// <param name="By">What decided.</param>
/// <param name="Column">The column that said so.</param>
/// <param name="HeldOutFrom">Of a split by time the first date or number that is held out; else null.</param>
public sealed record DatasetSplitRule(SplitKind By, string Column, string? HeldOutFrom)
{
    /// <summary>Of a split by time how many rows have none, which count as the oldest; 0 of datasets of older releases.</summary>
    public long Untimed { get; init; }

    /// <summary>Which rows are held out, in words.</summary>
    public string Describe() => By == SplitKind.Time
        ? $"The newest rows by '{Column}' are held out, those from {HeldOutFrom} on.{DescribeUntimed()}"
        : $"Which groups of '{Column}' are held out ({HeldOutSplit.HeldOutPercent}% of them in the mean) follows from a hash of them; a row without one is a group by itself.";

    private string DescribeUntimed() => Untimed == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $" {Untimed:N0} {(Untimed == 1 ? "row has" : "rows have")} no time and {(Untimed == 1 ? "counts" : "count")} as the oldest: learned from, though they may be newer than what is held out.");
}

/// <summary>The key that decides on a row's part and fold: it rises with the row's time, or is a hash of its group.</summary>
/// <param name="Policy">The definition's policy.</param>
/// <param name="IsDate">Whether a time is a date rather than a number.</param>
internal sealed record SplitKey(SplitPolicy Policy, bool IsDate)
{
    private const ulong Sign = 1UL << 63;

    // A row whose time is not known can't be shown to be new.
    private const ulong Oldest = 0;

    /// <summary>The key of a definition's split; neither when rows are split by chance.</summary>
    public static (SplitKey? Key, Refusal? Refusal) Of(IReadOnlyList<FileSurvey> files, ModelDefinition definition)
    {
        if (definition.Training.Split is not { } policy)
        {
            return (null, null);
        }

        var survey = ColumnSurvey.Sum(files.Select(f => f.Columns[policy.Column]));
        return policy.By == SplitKind.Group ? (new SplitKey(policy, false), null)
            : TimesOf(survey) is { } times ? (new SplitKey(policy, times == Times.Dates), null)
            : (null, Unreadable(policy, "The definition splits rows by the time in", survey));
    }

    /// <summary>Files whose times cannot be read as those of most rows are, where all files together have neither dates nor numbers: they are refused, and the others are taken.</summary>
    public static IReadOnlyList<(FileSurvey File, Refusal Refusal)> UnfitFiles(IReadOnlyList<FileSurvey> files, ModelDefinition definition)
    {
        if (definition.Training.Split is not { By: SplitKind.Time } policy || files.Count < 2 || TimesOf(ColumnSurvey.Sum(files.Select(f => f.Columns[policy.Column]))) is not null)
        {
            return [];
        }

        var byTimes = files.GroupBy(f => TimesOf(f.Columns[policy.Column])).Where(g => g.Key is not null).ToList();
        var usual = byTimes.MaxBy(g => g.Sum(f => f.Rows))?.Key;
        return usual is null ? [] :
        [
            .. files.Where(f => TimesOf(f.Columns[policy.Column]) != usual)
                .Select(f => (f, Unreadable(policy, $"The definition splits rows by time, of which other files have {(usual == Times.Dates ? "dates" : "numbers")} in", f.Columns[policy.Column]))),
        ];
    }

    private static Refusal Unreadable(SplitPolicy policy, string said, ColumnSurvey found) => new(
        found.Forms.Dates > found.Dates
            ? $"{said} '{policy.Column}', which has dates that can be read in two ways: {found.Forms}; expected dates with one meaning, or numbers."
            : string.Create(
                CultureInfo.InvariantCulture, $"{said} '{policy.Column}', which has {found.Dates} dates and {found.Numbers} numbers among {found.Values} values; expected dates, or numbers."),
        "Write dates as yyyy-MM-dd, or name another column under training.split.", Column: policy.Column);

    private static Times? TimesOf(ColumnSurvey survey) =>
        survey.Dates > 0 && survey.Dates >= DatasetSchema.NumberShare * survey.Values ? Times.Dates
        : survey.Numbers > 0 && survey.Numbers >= DatasetSchema.NumberShare * survey.Values ? Times.Numbers
        : null;

    /// <param name="field">The column's raw value.</param>
    /// <param name="rowHash">A row without a group is one by itself.</param>
    /// <param name="key">The key.</param>
    /// <returns>False: the value is no time.</returns>
    public bool TryRead(ReadOnlySpan<byte> field, ulong rowHash, out ulong key)
    {
        var value = ValueParser.Category(field);
        if (Policy.By == SplitKind.Group)
        {
            key = value.IsEmpty ? rowHash : XxHash64.HashToUInt64(value);
            return true;
        }

        key = Oldest;
        if (value.IsEmpty)
        {
            return true;
        }

        if (IsDate)
        {
            var isDate = DateValue.TryRead(value, out var moment);
            key = isDate ? 1 + (ulong)(moment.Ticks / TimeSpan.TicksPerSecond) : Oldest;
            return isDate;
        }

        if (!ValueParser.TryNumber(value, out _))
        {
            return false;
        }

        // The bits of positive floats rise with them, those of negative ones fall.
        var bits = BitConverter.DoubleToUInt64Bits(double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture) + 0.0);
        key = (bits & Sign) != 0 ? ~bits : bits | Sign;
        return true;
    }

    /// <summary>Says of the loaded rows which are held out, for a split by time: the newest fifth, or the share next to it that parts no time.</summary>
    public (DatasetSplitRule? Rule, Refusal? Refusal) Apply(DuckDbConnection connection, CancellationToken cancellationToken)
    {
        if (Policy.By == SplitKind.Group)
        {
            return (new DatasetSplitRule(Policy.By, Policy.Column, null), null);
        }

        const string Key = DatasetColumns.SplitKey;
        var share = (1 - (HeldOutSplit.HeldOutPercent / 100.0)).ToString(CultureInfo.InvariantCulture);
        var whole = Row(connection, $"SELECT quantile_disc({Key}, {share}), min({Key}), count(*)::UBIGINT, count(*) FILTER ({Key} = {Oldest})::UBIGINT FROM {DatasetLoader.Table}", 4, cancellationToken);
        var (cut, oldest, wanted) = (whole[0], whole[1], whole[2] * (HeldOutSplit.HeldOutPercent / 100.0));
        var sides = Row(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SELECT count(*) FILTER ({Key} >= {cut})::UBIGINT, count(*) FILTER ({Key} > {cut})::UBIGINT, coalesce(min({Key}) FILTER ({Key} > {cut}), {cut})
                FROM {DatasetLoader.Table}
                """),
            3, cancellationToken);
        var (withCut, afterCut, next) = (sides[0], sides[1], sides[2]);
        if (afterCut > 0 && (cut == oldest || Math.Abs(afterCut - wanted) < Math.Abs(withCut - wanted)))
        {
            cut = next;
        }

        if (cut == oldest)
        {
            return (null, new Refusal(
                $"The definition splits rows by the time in '{Policy.Column}', which is the same in all rows; expected at least two.",
                "Add rows of another time, or name another column under training.split.", Column: Policy.Column));
        }

        connection.Execute(
            string.Create(
                CultureInfo.InvariantCulture,
                $"UPDATE {DatasetLoader.Table} SET {DatasetColumns.Split} = '{HeldOutSplit.NameOf(DataSplit.HeldOut)}' WHERE {Key} >= {cut}"),
            cancellationToken);
        return (new DatasetSplitRule(Policy.By, Policy.Column, Text(cut)) { Untimed = (long)whole[3] }, null);
    }

    private string Text(ulong key)
    {
        if (IsDate)
        {
            var moment = new DateTime((long)(key - 1) * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
            return moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        }

        return BitConverter.UInt64BitsToDouble((key & Sign) != 0 ? key & ~Sign : ~key).ToString(CultureInfo.InvariantCulture);
    }

    private static ulong[] Row(DuckDbConnection connection, string sql, int columns, CancellationToken cancellationToken)
    {
        using var result = connection.Query(sql, cancellationToken);
        using var chunk = result.NextChunk() ?? throw new DuckDbException($"DuckDB gave no row for '{sql}'.");
        return [.. Enumerable.Range(0, columns).Select(c => chunk.UnsignedIntegers(c)[0])];
    }

    private enum Times
    {
        Dates,
        Numbers,
    }
}
