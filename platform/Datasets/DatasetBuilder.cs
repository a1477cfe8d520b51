using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Datasets.Profiles;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>Makes a versioned dataset of the files a user dropped.</summary>
/// <remarks>
/// <para>A bad file never stops the good ones. What is decided over all files is decided over those not refused, until nothing changes:</para>
/// <list type="number">
/// <item>Each file is read once to see that it is well-formed, has the target, and what its values look like. One content counts once. Card numbers and other direct identifiers are masked from here on, or the file is refused.</item>
/// <item>A file that lacks a column which files with 80% of all rows have is refused; a column that not all files have is left out. Of a split by time a file is refused whose times cannot be read as those of the others.</item>
/// <item>A column is a number (a date) when 95% of its values are; rows with other text in it are refused, as are rows without one of the classes, or a number to predict.</item>
/// <item>Of several classes those with fewer than 10 rows, or none in one of the parts, are left out: their rows are refused.</item>
/// <item>Rows that break the contract are refused.</item>
/// <item>A file of which more than the definition's share of rows (10% by default) is refused is refused.</item>
/// <item>Columns that are constant, all missing, dates in several formats, or identifiers are left out.</item>
/// </list>
/// <para>Idempotent: the same files and definition give the same files in the output folder, byte by byte, in whatever order the sources are given.</para>
/// </remarks>
public sealed class DatasetBuilder(TableLimits? limits = null, DuckDbOptions? duckDb = null)
{
    public const string DataFile = "data.parquet";
    public const string ProfileFile = "profile.json";
    public const string ManifestFile = "manifest.json";
    public const string ComparisonFile = "comparison.json";
    public const string PageFile = "profile.html";

    /// <summary>How many reasons for refused rows are kept for each file; the counts are always whole.</summary>
    public const int MaxRowRefusals = 100;

    private readonly TableLimits limits = limits ?? TableLimits.Default;

    /// <summary>What files have to keep to; null: the first dataset's contract is inferred from it.</summary>
    public DataContract? Contract { get; init; }

    /// <summary>Who is told how far the reading has come; null: nobody.</summary>
    public IProgress<ReadingProgress>? Progress { get; init; }

    /// <summary>The version before this one, to compare with; null: there is none.</summary>
    public DatasetProfile? Previous { get; init; }

    /// <summary>When it is made, for the page to say; null: it does not.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>
    /// Writes <c>data.parquet</c>, <c>profile.json</c>, <c>profile.html</c>, <c>contract.json</c> and <c>manifest.json</c> if there is enough to learn from;
    /// <c>comparison.json</c> too where there is a version before this one.
    /// </summary>
    /// <param name="definition">The model's definition.</param>
    /// <param name="sources">The files, in any order.</param>
    /// <param name="outputFolder">Made if it is not there.</param>
    /// <param name="cancellationToken">Stops the work; what is then in the output folder means nothing.</param>
    /// <exception cref="IOException">A source cannot be read, or changes while it is.</exception>
    public async Task<DatasetResult> BuildAsync(
        ModelDefinition definition, IReadOnlyList<SourceFile> sources, string outputFolder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(outputFolder);
        var reports = new Dictionary<SourceFile, SourceReport>();
        var ticker = new RowTicker(Progress);
        var files = await SurveyAsync(definition, sources, reports, ticker, cancellationToken);
        try
        {
            return await BuildAsync(definition, sources, files, reports, ticker, outputFolder, cancellationToken);
        }
        catch (DuckDbException full) when (full.IsOutOfMemory)
        {
            return await ResultAsync(definition, sources, reports, TooMuch(), cancellationToken);
        }
    }

    /// <summary>Decides over the files that passed, and writes what comes of it.</summary>
    private async Task<DatasetResult> BuildAsync(
        ModelDefinition definition,
        IReadOnlyList<SourceFile> sources,
        List<FileSurvey> files,
        Dictionary<SourceFile, SourceReport> reports,
        RowTicker ticker,
        string outputFolder,
        CancellationToken cancellationToken)
    {
        var unfit = new Dictionary<string, string>(StringComparer.Ordinal);
        var unique = new HashSet<string>(StringComparer.Ordinal);
        var unfitClasses = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            if (RefuseUnfit(files, definition, reports))
            {
                continue;
            }

            if (files.Count == 0)
            {
                return await ResultAsync(definition, sources, reports, new Refusal("No file was accepted.", "See what is said of each file."), cancellationToken);
            }

            var (schema, refusal) = DatasetSchema.Decide(files, definition, unfit, unfitClasses, Contract);
            if (schema is null)
            {
                return await ResultAsync(definition, sources, reports, refusal, cancellationToken);
            }

            using var connection = OpenDatabase(outputFolder);
            var loads = await new DatasetLoader(connection, schema, definition).LoadAsync(files, limits, ticker, cancellationToken);
            if (RefuseFaulty(files, loads, definition, reports))
            {
                unfit.Clear();
                unique.Clear();
                unfitClasses.Clear();
                continue;
            }

            var (splitBy, unsplit) = schema.SplitKey?.Apply(connection, cancellationToken) ?? (null, null);
            if (unsplit is not null)
            {
                return await ResultAsync(definition, sources, reports, unsplit, cancellationToken);
            }

            var (alike, together) = schema.SplitKey is not null ? (null, null)
                : AlikeRows.Deal(connection, [.. schema.Features.Select(f => f.Name), .. schema.SensitiveOnly], definition.Target.Column, cancellationToken);
            var profiler = new DatasetProfiler(connection);
            var classes = schema.Classes.Task == LearningTask.MulticlassClassification
                ? profiler.CountClasses(definition.Target.Column, schema.Classes.Names, cancellationToken)
                : null;
            if (DatasetRequirements.FindUnfit(classes ?? []) is { Count: > 0 } rare)
            {
                rare.ForEach(c => unfitClasses.Add(c.Name, c.Reason));
                continue;
            }

            var found = profiler.Examine(schema, definition.Features.Keys, cancellationToken);
            if (loads.Sum(l => l.Rows - l.RefusedRows) >= DatasetRequirements.MinimumRows && found.Unfit.Count > 0)
            {
                unique.UnionWith(profiler.FindUnique(found.Unfit.Keys, cancellationToken));
                foreach (var (column, reason) in found.Unfit)
                {
                    unfit.Add(column, reason);
                }

                continue;
            }

            var manifest = DatasetDescription.Of(definition, schema.WithTexts(found.Texts), classes, loads, profiler, alike, cancellationToken) with { SplitBy = splitBy };
            if (together is not null) manifest = manifest with { Warnings = [.. manifest.Warnings ?? [], together] };
            if (DatasetRequirements.Check(manifest, split => profiler.CountValues(definition.Target.Column, split, cancellationToken)) is { } tooLittle)
            {
                return await ResultAsync(definition, sources, reports, tooLittle, cancellationToken);
            }

            var profile = new DatasetProfile(manifest.Version, manifest.Rows, profiler.Profile(manifest.Features, cancellationToken))
            {
                Target = profiler.ProfileTarget(manifest.Target, cancellationToken),
            };
            var contract = Contract ?? ContractInference.Infer(definition.Model, profile, unique);
            manifest = manifest with { Contract = contract.Hash, RefusedFiles = RefusedIn(reports) };
            var comparison = Previous is { } previous && previous.Version != manifest.Version
                ? new DatasetComparer(profiler).Compare(previous, profile, cancellationToken) : null;
            DatasetWriter.Write(connection, Path.Combine(outputFolder, DataFile), cancellationToken);
            await DatasetFiles.WriteAsync(outputFolder, manifest, profile, contract, comparison, At, cancellationToken);
            return (await ResultAsync(definition, sources, reports, null, cancellationToken)) with { Manifest = manifest, Contract = contract };
        }
    }

    /// <summary>Reads each distinct file once; those that pass, by content hash.</summary>
    private async Task<List<FileSurvey>> SurveyAsync(
        ModelDefinition definition, IReadOnlyList<SourceFile> sources, Dictionary<SourceFile, SourceReport> reports, RowTicker ticker, CancellationToken cancellationToken)
    {
        var files = new List<FileSurvey>();
        var readable = new List<(SourceFile Source, TableFormat Format)>();
        foreach (var source in sources.Select(Normalize).Distinct())
        {
            if (TableFormat.Of(source.Name) is { } format)
            {
                readable.Add((source, format));
            }
            else
            {
                reports[source] = Refused(source, 0, TableFormat.UnknownOf(source.Name));
            }
        }

        foreach (var copies in await SameContent.GroupAsync(readable, limits, cancellationToken))
        {
            var (first, form) = copies[0];
            var taken = await FileIntake.TakeAsync(first, form, definition, Contract, limits, ticker, cancellationToken);
            foreach (var (copy, _) in copies)
            {
                reports[copy] = new SourceReport(
                    copy.Name, copy.ContentHash, taken.Refusal is { } refusal ? [refusal] : [], taken.Rows, 0, [], copy == first ? null : first.Name)
                {
                    HoldsIdentifiers = taken.HoldsIdentifiers,
                };
            }

            if (taken.Survey is { } survey)
            {
                files.Add(survey);
            }
        }

        return files;
    }

    private static bool RefuseUnfit(List<FileSurvey> files, ModelDefinition definition, Dictionary<SourceFile, SourceReport> reports)
    {
        var lacking = DatasetSchema.LackingColumns(files, definition);
        var unfit = lacking.Count > 0 ? lacking : SplitKey.UnfitFiles(files, definition);
        foreach (var (file, refusal) in unfit)
        {
            files.Remove(file);
            Update(reports, file, report => report with { Refusals = [refusal] });
        }

        return unfit.Count > 0;
    }

    private static bool RefuseFaulty(
        List<FileSurvey> files, IReadOnlyList<FileLoad> loads, ModelDefinition definition, Dictionary<SourceFile, SourceReport> reports)
    {
        var isAnyRefused = false;
        foreach (var load in loads)
        {
            var isRefused = load.RefusedRows > definition.Data.Rejects * load.Rows;
            if (isRefused)
            {
                isAnyRefused = true;
                files.Remove(load.File);
            }

            Update(reports, load.File, report => report with
            {
                Refusals = isRefused ? [FaultyFile.Refuse(load, definition)] : [],
                RefusedRows = load.RefusedRows,
                RowRefusals = load.Refusals.Listed,
                RowRefusalCounts = load.Refusals.Counts,
            });
        }

        return isAnyRefused;
    }

    private Refusal TooMuch() => new(
        $"The rows need more memory than the {(duckDb ?? new DuckDbOptions()).MemoryLimitMiB} MiB that a dataset is made in, or more disk than there is to spill to.",
        "Shorten long texts, leave their columns out (write them under 'ignore' in the definition), or drop a sample of the rows.");

    private DuckDbConnection OpenDatabase(string outputFolder) =>
        DuckDbConnection.Open((duckDb ?? new DuckDbOptions()) with { TempDirectory = duckDb?.TempDirectory ?? Path.Combine(outputFolder, ".spill") });

    private static SourceFile Normalize(SourceFile source) => source with { ContentHash = source.ContentHash.ToLowerInvariant() };

    /// <summary>Changes the report of a file, and of the files of the same content with it.</summary>
    private static void Update(Dictionary<SourceFile, SourceReport> reports, FileSurvey file, Func<SourceReport, SourceReport> change)
    {
        foreach (var source in reports.Where(r => r.Key.Name == file.Source.Name || r.Value.DuplicateOf == file.Source.Name).Select(r => r.Key).ToList())
        {
            reports[source] = change(reports[source]);
        }
    }

    private static SourceReport Refused(SourceFile source, long rows, Refusal refusal) =>
        new(source.Name, source.ContentHash, [refusal], rows, 0, [], null);

    private static List<RefusedSource>? RefusedIn(Dictionary<SourceFile, SourceReport> reports)
    {
        var refused = reports.Values.Where(r => !r.IsAccepted)
            .Select(r => new RefusedSource(r.Name, r.ContentHash, IdentifierMask.Apply(r.Refusals[0]).Reason))
            .OrderBy(r => r.Name, StringComparer.Ordinal)
            .ToList();
        return refused.Count > 0 ? refused : null;
    }

    /// <summary>What is said of each file; with a refusal all are refused, and each is looked into, since it would be copied.</summary>
    private async Task<DatasetResult> ResultAsync(
        ModelDefinition definition, IReadOnlyList<SourceFile> sources, Dictionary<SourceFile, SourceReport> reports, Refusal? refusal, CancellationToken cancellationToken)
    {
        var all = new List<SourceReport>();
        foreach (var source in sources)
        {
            var report = reports[Normalize(source)];
            all.Add(Cleaned(report.IsAccepted && refusal is null ? report : report with
            {
                NotCopied = await RawIdentifiers.WhyNotCopiedAsync(source, definition.Data.Identifiers, limits, cancellationToken)
                    ?? (report.HoldsIdentifiers ? RawIdentifiers.InColumns : null),
            }));
        }

        return new DatasetResult(all, refusal is null ? [] : [IdentifierMask.Apply(refusal)], null);
    }

    /// <summary>A report that repeats no direct identifier, wherever in it a value was quoted.</summary>
    private static SourceReport Cleaned(SourceReport report) =>
        report with { Refusals = [.. report.Refusals.Select(IdentifierMask.Apply)], RowRefusals = [.. report.RowRefusals.Select(IdentifierMask.Apply)] };
}
