using System.Globalization;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Contracts;

/// <summary>Compares a file with the contract as it is read for the first time: which rules its rows break, and how often.</summary>
internal sealed class ContractSurvey
{
    private readonly DataContract contract;
    private readonly (int Place, ColumnRule Rule)[] rules;

    private ContractSurvey(DataContract contract, (int Place, ColumnRule Rule)[] rules)
    {
        this.contract = contract;
        this.rules = rules;
    }

    /// <summary>Begins with a file's header; a refusal where it lacks columns.</summary>
    public static (ContractSurvey? Survey, Refusal? Refusal) Begin(DataContract contract, TableHeader header, ModelDefinition definition)
    {
        var lacking = contract.Columns
            .Where(c => !c.Value.Optional && !definition.Ignore.Contains(c.Key) && c.Key != definition.Target.Column && header.IndexOf(c.Key) < 0)
            .Select(c => c.Key).ToList();
        if (lacking.Count > 0)
        {
            var named = string.Join(", ", lacking.Take(20).Select(c => $"'{ValueExcerpt.Of(c)}'"));
            return (null, new Refusal(
                $"The file lacks {(lacking.Count == 1 ? "the column" : "the columns")} {named}{(lacking.Count > 20 ? ", …" : "")}, which the model's contract has.",
                $"Add what is missing (empty, if unknown). If files come without it from now on, write 'optional: true' there {ContractStore.HowToChange(contract.Model)}",
                Column: lacking[0], Line: header.Line));
        }

        var rules = contract.Columns
            .Select(c => (Place: header.IndexOf(c.Key), Rule: new ColumnRule(c.Key, c.Value)))
            .Where(c => c.Place >= 0)
            .ToArray();
        return (new ContractSurvey(contract, rules), null);
    }

    /// <summary>Takes a row into account.</summary>
    public void Count(TableReader row)
    {
        foreach (var (place, rule) in rules)
        {
            rule.Count(row.GetField(place));
        }
    }

    /// <summary>Why the file as a whole breaks the contract; null: it does not.</summary>
    /// <param name="droppedAt">When it was dropped; null: unknown.</param>
    public Refusal? Refuse(DateTimeOffset? droppedAt)
    {
        foreach (var (_, rule) in rules)
        {
            if (rule.Said.NewestWithin is { } age && rule.Newest is { } newest && droppedAt is { } at && at.UtcDateTime - newest > age)
            {
                return new Refusal(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The newest date of the column '{ValueExcerpt.Of(rule.Column)}' is {newest:yyyy-MM-dd}, and the file was dropped on {at.UtcDateTime:yyyy-MM-dd}; the contract expects one of the last {age.TotalDays:0.##} days."),
                    $"Drop newer data, or allow older ones by newest-within {ContractStore.HowToChange(contract.Model)}", Column: rule.Column);
            }
        }

        return null;
    }

    /// <summary>What is looked at row by row when the file is read again: the columns that break a rule oftener than is let pass.</summary>
    public ContractCheck Check(long rows) => new(contract, [.. rules.Where(r => r.Rule.Enforce(rows)).Select(r => (r.Place, r.Rule))]);
}
