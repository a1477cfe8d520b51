using System.Globalization;

namespace Serverless.Platform.Datasets.Contracts;

/// <summary>Refuses the rows of a file that break the contract, each with its reason.</summary>
internal sealed class ContractCheck(DataContract? contract, IReadOnlyList<(int Place, ColumnRule Rule)> rules)
{
    /// <summary>Of a file without a contract, or one that keeps to it.</summary>
    public static ContractCheck None { get; } = new(null, []);

    /// <summary>How the names of a contract's rules begin.</summary>
    public const string RulePrefix = "contract.";

    /// <summary>Begins with the file's first row again.</summary>
    public void Restart()
    {
        foreach (var (_, rule) in rules)
        {
            rule.Forget();
        }
    }

    /// <summary>Whether the row moved to is taken; if not, why is added to the refusals, as far as these are kept.</summary>
    public bool Passes(TableReader row, RowRefusals refusals)
    {
        var passes = true;
        foreach (var (place, rule) in rules)
        {
            var value = row.GetField(place);
            var breach = rule.Check(value);
            if (breach == Breach.None)
            {
                continue;
            }

            passes = false;
            var name = NameOf(breach);
            if (refusals.Count(name, rule.Column))
            {
                var (reason, remedy) = Say(breach, value, rule.Said);
                refusals.List(name, row, rule.Column, reason, $"{remedy} {ContractStore.HowToChange(contract?.Model ?? "")}");
            }
        }

        return passes;
    }

    /// <summary>The rule, by its key in the contract.</summary>
    private static string NameOf(Breach breach) => RulePrefix + breach switch
    {
        Breach.Missing => "missing",
        Breach.NoNumber or Breach.NoDate => "type",
        Breach.TooSmall => "min",
        Breach.TooGreat => "max",
        Breach.TooEarly => "earliest",
        Breach.TooLate => "latest",
        Breach.Unseen => "values",
        _ => "unique",
    };

    private static (string Reason, string Remedy) Say(Breach breach, ReadOnlySpan<byte> value, ColumnContract said)
    {
        var excerpt = ValueExcerpt.Of(value);
        return breach switch
        {
            Breach.Missing => (
                Invariant($"The value is missing, as are more than {100 * (said.Missing ?? 0):0.##}% of the file's in this column; the contract allows no more."),
                "Fill it in, or allow a larger share with 'missing'."),
            Breach.NoNumber when ValueParser.BeyondNumbers(value) != NumberFault.None => (
                $"The value is '{excerpt}', which is infinite or beyond the numbers that are computed with, up to 1e38; the contract expects a number.",
                "Write it in a larger unit, or leave it empty if it is unknown."),
            Breach.NoNumber => ($"The value is '{excerpt}'; the contract expects a number.", "Write it as a number, or leave it empty if it is unknown."),
            Breach.NoDate => ($"The value is '{excerpt}'; the contract expects a date as yyyy-MM-dd.", "Write it so, or leave it empty if it is unknown."),
            Breach.TooSmall => (Invariant($"The value is {excerpt}; the contract expects at least {said.Min:G9}."), "Correct it, or lower 'min'."),
            Breach.TooGreat => (Invariant($"The value is {excerpt}; the contract expects at most {said.Max:G9}."), "Correct it, or raise 'max'."),
            Breach.TooEarly => (Invariant($"The date is {excerpt}; the contract expects none before {said.Earliest:yyyy-MM-dd}."), "Correct it, or set 'earliest' to an earlier day."),
            Breach.TooLate => (Invariant($"The date is {excerpt}; the contract expects none after {said.Latest:yyyy-MM-dd}."), "Correct it, or set 'latest' to a later day."),
            Breach.Unseen => (
                $"The value is '{excerpt}'; the contract knows {string.Join(", ", (said.Values ?? []).Take(8).Select(v => $"'{ValueExcerpt.Of(v)}'"))}{(said.Values is { Count: > 8 } ? ", …" : "")}.",
                "Correct it, or add it to 'values'."),
            _ => ("The value stands in an earlier row of the file too; the contract expects each once.", "Leave the repetition out, or remove 'unique'."),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
