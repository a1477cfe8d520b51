using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Platform.Datasets;

/// <summary>Writes down what a dataset was made of and what is in it.</summary>
internal static class DatasetDescription
{
    /// <param name="definition">The model's definition.</param>
    /// <param name="schema">What was decided on its columns.</param>
    /// <param name="classes">Of several classes the rows of each; else null.</param>
    /// <param name="loads">What came of each file.</param>
    /// <param name="profiler">Counts the rows of the parts.</param>
    /// <param name="alike">The rows that were dealt one by one; null: none.</param>
    /// <param name="cancellationToken">Checked before each count.</param>
    public static DatasetManifest Of(
        ModelDefinition definition,
        DatasetSchema schema,
        IReadOnlyList<TargetClass>? classes,
        IReadOnlyList<FileLoad> loads,
        DatasetProfiler profiler,
        AlikeRows? alike,
        CancellationToken cancellationToken)
    {
        var splits = profiler.CountSplits(definition.Target.Column, schema.Classes.Positive, cancellationToken);
        var rows = splits.Sum(s => s.Rows);
        var positive = splits.Sum(s => s.PositiveRows);
        return new DatasetManifest(
            DatasetVersion.Of(
                definition, loads.Select(l => l.File.Source.ContentHash),
                ChangesIn(loads, schema, alike)),
            DatasetVersion.FormatVersion,
            definition.Model,
            DatasetVersion.Fingerprint(definition),
            [.. loads.Select(l => new DatasetSource(l.File.Source.Name, l.File.Source.ContentHash, l.Rows, l.RefusedRows) { Bytes = l.File.Source.Bytes, ETag = l.File.Source.ETag })],
            schema.Features,
            new DatasetTarget(definition.Target.Column, schema.Classes.Positive, schema.Classes.Negative, positive, schema.Classes.Positive is null ? 0 : rows - positive)
            {
                Task = definition.Task,
                Classes = classes,
                ExcludedClasses = schema.Classes.Excluded.Count > 0 ? schema.Classes.Excluded : null,
            },
            [.. definition.Sensitive.Select(s => new SensitiveColumn(s, !schema.SensitiveOnly.Contains(s)))],
            schema.Excluded,
            rows,
            loads.Sum(l => l.RefusedRows),
            splits)
        {
            Masked = MaskedIn(loads),
            Warnings = schema.Warnings.Count > 0 ? schema.Warnings : null,
            Alike = alike,
            Code = SoftwareVersions.CurrentCode,
        };
    }

    /// <summary>What else than the files' content made the rows: masks, what the contract made of them, not what else it says, and how they were dealt.</summary>
    private static IEnumerable<string> ChangesIn(IReadOnlyList<FileLoad> loads, DatasetSchema schema, AlikeRows? alike) =>
    [
        .. loads.SelectMany(l => l.File.Masked.Select(m => $"masked {l.File.Source.ContentHash} {m.Column} {m.Kind}")),
        .. loads.Where(l => l.LeftOut is not null).Select(l => $"left out {l.File.Source.ContentHash} {l.LeftOut}"),
        .. schema.AgreedKinds.Select(k => $"kind {k.Name} {k.Kind}"),
        .. alike is null ? [] : new[] { "alike rows dealt one by one" },
    ];

    private static List<MaskedIdentifiers>? MaskedIn(IReadOnlyList<FileLoad> loads)
    {
        var masked = loads.SelectMany(l => l.File.Masked)
            .GroupBy(m => (m.Column, m.Kind))
            .Select(g => new MaskedIdentifiers(g.Key.Column, FoundIdentifiers.NameOf(g.Key.Kind), g.Sum(m => m.Count)))
            .OrderBy(m => m.Column, StringComparer.Ordinal)
            .ThenBy(m => m.Kind, StringComparer.Ordinal)
            .ToList();
        return masked.Count > 0 ? masked : null;
    }
}
