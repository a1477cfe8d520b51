using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>What a dataset's columns are, decided over all of its files.</summary>
/// <param name="Features">The columns to learn from, in the order of the first file by content hash.</param>
/// <param name="SensitiveOnly">Columns to slice by that are not learned from; kept as text.</param>
/// <param name="Excluded">Columns not learned from, with the reasons.</param>
/// <param name="Classes">Which values the target may have.</param>
internal sealed record DatasetSchema(
    IReadOnlyList<FeatureColumn> Features,
    IReadOnlyList<string> SensitiveOnly,
    IReadOnlyList<ExcludedColumn> Excluded,
    TargetClasses Classes)
{
    /// <summary>What decides on a row's part; null: its hash.</summary>
    public SplitKey? SplitKey { get; init; }

    /// <summary>Features that are by the contract what they would not be by their values.</summary>
    public IReadOnlyList<FeatureColumn> AgreedKinds { get; init; } = [];

    /// <summary>Columns that are something else to people than to the platform, with what to do.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Features that have as many words as running text, which they are if their values are mostly distinct.</summary>
    public IReadOnlySet<string> Wordy { get; init; } = new HashSet<string>();

    /// <summary>A column is made of numbers when at least this share of its values are.</summary>
    public const double NumberShare = 0.95;

    /// <summary>Names shorter than this are too much like each other to be taken for a mistake.</summary>
    private const int LeastLengthMistaken = 4;

    /// <summary>A column belongs to the dataset when files with at least this share of all rows have it.</summary>
    public const double ColumnShare = 0.80;

    /// <summary>
    /// Files that lack a column which files with <see cref="ColumnShare"/> of all rows have. They are refused, so that a stray file cannot silently take
    /// a feature from a model; columns that fewer have are left out instead, so that a stray file cannot add one either.
    /// </summary>
    public static IReadOnlyList<(FileSurvey File, Refusal Refusal)> LackingColumns(IReadOnlyList<FileSurvey> files, ModelDefinition definition)
    {
        var all = files.Sum(f => f.Rows);
        var required = RowsByColumn(files)
            .Where(c => c.Value >= ColumnShare * all && !definition.Ignore.Contains(c.Key))
            .Select(c => c.Key)
            .ToList();
        var lacking = new List<(FileSurvey, Refusal)>();
        foreach (var file in files)
        {
            var missing = required.Where(c => !file.Columns.ContainsKey(c)).Order(StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
            {
                lacking.Add((file, new Refusal(
                    $"The file lacks {Columns(missing)}, which at least {100 * ColumnShare}% of all rows have.",
                    "Add what is missing (empty, if unknown), or name it under 'ignore' in the definition if the model shall do without.",
                    Column: missing[0], Line: file.Header.Line)));
            }
        }

        return lacking;
    }

    /// <summary>Decides kinds and classes; a refusal when there is nothing to learn or to learn from.</summary>
    /// <param name="files">At least one, by content hash.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="unfit">Columns already found unfit, with the reasons.</param>
    /// <param name="unfitClasses">Classes of the target already found unfit, with the reasons.</param>
    /// <param name="contract">What says of some columns whether they are numbers; null: nothing does.</param>
    public static (DatasetSchema? Schema, Refusal? Refusal) Decide(
        IReadOnlyList<FileSurvey> files,
        ModelDefinition definition,
        IReadOnlyDictionary<string, string> unfit,
        IReadOnlyDictionary<string, string> unfitClasses,
        DataContract? contract)
    {
        if ((MistakenIgnore(files, definition) ?? UnknownFeature(files, definition)) is { } mistaken)
        {
            return (null, mistaken);
        }

        var (classes, notLearnable) = TargetSurvey.Decide(files, definition, unfitClasses);
        if (classes is null)
        {
            return (null, notLearnable);
        }

        var (splitKey, noTime) = SplitKey.Of(files, definition);
        if (noTime is not null)
        {
            return (null, noTime);
        }

        var features = new List<FeatureColumn>();
        var excluded = new List<ExcludedColumn>();
        var wordy = new HashSet<string>(StringComparer.Ordinal);
        var agreed = new List<FeatureColumn>();
        var warnings = new List<string>();
        var names = files.SelectMany(f => f.Header.Columns).Distinct(StringComparer.Ordinal).Where(c => c != definition.Target.Column);
        foreach (var name in names)
        {
            if (definition.Ignore.Contains(name))
            {
                excluded.Add(new ExcludedColumn(name, "ignored by the definition"));
            }
            else if (splitKey?.Policy is { By: SplitKind.Group } groups && name == groups.Column)
            {
                excluded.Add(new ExcludedColumn(name, "rows are split by it, so that what is learned of its values holds for none of the rows to come"));
            }
            else if (files.Count(f => f.Columns.ContainsKey(name)) is var having && having < files.Count)
            {
                excluded.Add(new ExcludedColumn(name, $"only {having} of {files.Count} files {(having == 1 ? "has" : "have")} it"));
            }
            else
            {
                ColumnRole? told = definition.Features.TryGetValue(name, out var role) ? role : null;
                var survey = ColumnSurvey.Sum(files.Select(f => f.Columns[name]));
                var remark = told is null ? NumberForms.Remark(survey) : null;
                var said = contract?.Columns.GetValueOrDefault(name);
                var against = RoleInference.ReasonAgainst(survey, told ?? (said?.Type == ContractType.Date ? ColumnRole.Date : null));
                if (remark is not null && against is null) warnings.Add($"'{name}': {remark}.");
                if (against is not null && told is null && survey.Forms.AreMixed) warnings.Add($"'{name}' is left out: {against}.");
                if ((against ?? (unfit.TryGetValue(name, out var found) ? remark ?? found : null)) is { } reason)
                {
                    excluded.Add(new ExcludedColumn(name, reason));
                    continue;
                }

                var inferred = RoleInference.KindOf(survey, told);
                var feature = new FeatureColumn(name, told is null ? Agreed(inferred, said) : inferred);
                if (RoleInference.DatesRemark(survey, feature.Kind) is { } forms) warnings.Add($"'{name}' {forms}.");
                features.Add(feature);
                if (feature.Kind != inferred) agreed.Add(feature);
                if (told is null && RoleInference.HasWords(survey)) wordy.Add(name);
            }
        }

        return features.Count > 0
            ? (new DatasetSchema(features, [.. definition.Sensitive.Where(s => features.TrueForAll(f => f.Name != s))], excluded, classes)
            {
                AgreedKinds = agreed,
                Warnings = [.. warnings, .. UnknownIgnores(files, definition)],
                Wordy = wordy,
                SplitKey = splitKey,
            }, null)
            : (null, new Refusal(
                excluded.Count == 0
                    ? $"Found no column but the target, '{definition.Target.Column}'; expected columns to learn from."
                    : $"No column is left to learn from: {string.Join("; ", excluded.Select(e => $"'{e.Name}' is left out ({e.Reason})"))}.",
                excluded.Count > 0 && excluded.TrueForAll(e => definition.Ignore.Contains(e.Name))
                    ? "Take columns to learn from out of the 'ignore' list of the definition."
                    : "Add files with columns whose values differ from row to row."));
    }

    /// <summary>The same with these features as running text.</summary>
    public DatasetSchema WithTexts(IReadOnlySet<string> texts) =>
        this with { Features = [.. Features.Select(f => texts.Contains(f.Name) ? f with { Kind = ColumnKind.Text } : f)] };

    /// <summary>A name under 'features' that no file has.</summary>
    private static Refusal? UnknownFeature(IReadOnlyList<FileSurvey> files, ModelDefinition definition)
    {
        var names = files.SelectMany(f => f.Header.Columns).Distinct(StringComparer.Ordinal).ToList();
        return definition.Features.Keys.FirstOrDefault(f => !names.Contains(f)) is not { } unknown ? null : new Refusal(
            $"The definition gives '{unknown}' a role under 'features', a column that no file has; names are compared letter by letter.",
            NearestName.Of(unknown, names) is { } nearest
                ? $"If '{nearest}' is meant, write it so; else remove '{unknown}' from there."
                : $"Remove '{unknown}' from 'features', or add the column.",
            Column: unknown);
    }

    /// <summary>
    /// A name under 'ignore' that no file has while another has nearly the same: what should be kept from the model would be learned from.
    /// A name unlike any other is of no harm, since columns come and go; nor is one that differs in its number, as in a row of columns.
    /// </summary>
    private static Refusal? MistakenIgnore(IReadOnlyList<FileSurvey> files, ModelDefinition definition)
    {
        var names = files.SelectMany(f => f.Header.Columns).Distinct(StringComparer.Ordinal).ToList();
        foreach (var ignored in definition.Ignore.Where(i => !names.Contains(i)))
        {
            if (ignored.Length >= LeastLengthMistaken && NearestName.Of(ignored, names) is { } nearest && DigitsOf(nearest) == DigitsOf(ignored)
                && !definition.Ignore.Contains(nearest) && nearest != definition.Target.Column)
            {
                return new Refusal(
                    $"The definition ignores '{ignored}', a column that no file has; names are compared letter by letter.",
                    $"If '{nearest}' is meant, write it so under 'ignore'; else remove '{ignored}' from there.", Column: nearest);
            }
        }

        return null;
    }

    /// <summary>Names under 'ignore' that no file has, and that are unlike any other.</summary>
    private static IEnumerable<string> UnknownIgnores(IReadOnlyList<FileSurvey> files, ModelDefinition definition) =>
        definition.Ignore.Except(files.SelectMany(f => f.Header.Columns), StringComparer.Ordinal).Select(ignored =>
            $"'{ignored}' stands under 'ignore' in the definition, and no file has such a column; names are compared letter by letter. Write it as the files do, or remove it from there.");

    private static string DigitsOf(string name) => string.Concat(name.Where(char.IsAsciiDigit));

    /// <summary>A column's kind, where the contract has it otherwise than its values look.</summary>
    private static ColumnKind Agreed(ColumnKind inferred, ColumnContract? said) => said?.Type switch
    {
        ContractType.Number => ColumnKind.Number,
        ContractType.Date => ColumnKind.Date,
        ContractType.Text when inferred.IsNumeric() => ColumnKind.Category,
        _ => inferred,
    };

    private static Dictionary<string, long> RowsByColumn(IReadOnlyList<FileSurvey> files)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            foreach (var column in file.Header.Columns)
            {
                rows[column] = rows.GetValueOrDefault(column) + file.Rows;
            }
        }

        return rows;
    }

    private static string Columns(List<string> names) =>
        names.Count == 1 ? $"the column '{names[0]}'" : $"the columns {string.Join(", ", names.Take(20).Select(n => $"'{n}'"))}{(names.Count > 20 ? ", …" : "")}";
}
