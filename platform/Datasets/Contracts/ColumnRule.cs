using System.IO.Hashing;
using System.Text;

namespace Serverless.Platform.Datasets.Contracts;

/// <summary>How a value breaks a contract.</summary>
internal enum Breach
{
    None,
    Missing,
    NoNumber,
    NoDate,
    TooSmall,
    TooGreat,
    TooEarly,
    TooLate,
    Unseen,
    Repeated,
}

/// <summary>What a contract says of a column, held against one file's values: first counted, then enforced.</summary>
internal sealed class ColumnRule(string column, ColumnContract said)
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? known =
        said.Values is { } values ? new HashSet<string>(values, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>() : null;

    private readonly long[] counts = new long[Enum.GetValues<Breach>().Length];
    private readonly HashSet<ulong> values = [];

    public string Column => column;

    public ColumnContract Said => said;

    /// <summary>The newest date; null: there is none.</summary>
    public DateTime? Newest { get; private set; }

    /// <summary>Which missing or unseen values are refused: decided once the whole file was counted.</summary>
    private bool refusesMissing;
    private bool refusesUnseen;

    public void Count(ReadOnlySpan<byte> value) => counts[(int)BreachOf(value)]++;

    /// <summary>Decides what is refused of a file of so many rows; false: nothing need be looked at.</summary>
    public bool Enforce(long rows)
    {
        refusesMissing = said.Missing is { } missing && counts[(int)Breach.Missing] > missing * rows;
        refusesUnseen = counts[(int)Breach.Unseen] > (said.Unseen ?? 0) * rows;
        return said.Unique || refusesMissing || refusesUnseen
            || counts[(int)Breach.NoNumber] + counts[(int)Breach.NoDate] > 0
            || counts[(int)Breach.TooSmall] + counts[(int)Breach.TooGreat] + counts[(int)Breach.TooEarly] + counts[(int)Breach.TooLate] > 0;
    }

    /// <summary>Forgets which values came.</summary>
    public void Forget() => values.Clear();

    /// <summary>How a value breaks what is enforced.</summary>
    public Breach Check(ReadOnlySpan<byte> value) => BreachOf(value) switch
    {
        Breach.Missing when !refusesMissing => Breach.None,
        Breach.Unseen when !refusesUnseen => Breach.None,
        Breach.None when said.Unique && ValueParser.Category(value) is { IsEmpty: false } text && !values.Add(XxHash64.HashToUInt64(text)) => Breach.Repeated,
        var breach => breach,
    };

    private Breach BreachOf(ReadOnlySpan<byte> value)
    {
        if (said.Type == ContractType.Number)
        {
            return !ValueParser.TryNumber(value, out var number) ? Breach.NoNumber
                : float.IsNaN(number) ? Breach.Missing
                : number < said.Min ? Breach.TooSmall
                : number > said.Max ? Breach.TooGreat
                : Breach.None;
        }

        var text = ValueParser.Category(value);
        return text.IsEmpty ? Breach.Missing
            : said.Type == ContractType.Date ? DateBreachOf(text)
            : known is { } set && !IsIn(set, text) ? Breach.Unseen
            : Breach.None;
    }

    private static bool IsIn(HashSet<string>.AlternateLookup<ReadOnlySpan<char>> set, ReadOnlySpan<byte> text)
    {
        const int Longest = 256;
        Span<char> chars = stackalloc char[Longest];
        return text.Length <= Longest && set.Contains(chars[..Encoding.UTF8.GetChars(text, chars)]);
    }

    private Breach DateBreachOf(ReadOnlySpan<byte> text)
    {
        if (!DateValue.TryRead(text, out var date))
        {
            return Breach.NoDate;
        }

        var day = DateOnly.FromDateTime(date);
        if (day < said.Earliest) return Breach.TooEarly;
        if (day > said.Latest) return Breach.TooLate;

        // A date that is refused makes a file no fresher.
        Newest = Newest is { } newest && newest >= date ? newest : date;
        return Breach.None;
    }
}
