using System.Globalization;
using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>What is said of a file of which more rows are refused than may be.</summary>
internal static class FaultyFile
{
    private const int MostCauses = 5;

    public static Refusal Refuse(FileLoad load, ModelDefinition definition)
    {
        var counts = load.Refusals.Counts;
        var causes = string.Join(", ", counts.Take(MostCauses).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Count} for '{c.Column}' ({c.Rule})")));
        var first = load.Refusals.Listed[0];
        return new Refusal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{load.RefusedRows} of {load.Rows} rows were refused: {causes}{(counts.Count > MostCauses ? ", …" : "")}; at most {Math.Round(definition.Data.Rejects * 100, 3)}% may be."),
            $"Correct the rows that are listed, and drop the file again.{IfRight(counts, definition)}",
            Column: first.Column, Line: first.Line);
    }

    /// <summary>What to do if it is not the rows that are wrong.</summary>
    private static string IfRight(IReadOnlyList<RefusalCount> counts, ModelDefinition definition)
    {
        var mistyped = counts.Where(c => c.Rule == DatasetLoader.TypeRule && definition.Features.ContainsKey(c.Column)).Select(c => $"'{c.Column}'").ToList();
        var type = mistyped.Count == 0 ? "" : $" If its values are right, the definition's type of {string.Join(", ", mistyped)} under 'features' is wrong: correct it there.";
        var contract = !counts.Any(c => c.Rule.StartsWith(ContractCheck.RulePrefix, StringComparison.Ordinal)) ? ""
            : $" If they are right, the contract is too strict {ContractStore.HowToChange(definition.Model)}";
        return $"{type}{contract} To take the other rows all the same, raise 'data: {{ rejects: … }}' in the definition.";
    }
}
