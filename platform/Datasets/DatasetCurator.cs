using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>What came of reading a model's folder.</summary>
/// <param name="Outcome">One of the constants of this type.</param>
/// <param name="Dataset">The dataset version; null where there is none.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="RefusedRows">Rows of accepted files that were left out of it.</param>
/// <param name="RefusedFiles">Files that were left out of it.</param>
/// <param name="Reasons">Why there is none, or what waits; beside a dataset, which files were left out of it, and why.</param>
/// <param name="TrainOnNewData">Whether the definition asks for training on new data.</param>
public sealed record CurationResult(
    string Outcome, string? Dataset, long Rows, long RefusedRows, int RefusedFiles, IReadOnlyList<string> Reasons, bool TrainOnNewData)
{
    /// <summary>Columns whose values are not read as what they are meant to be, with what to do; null: none.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>A new dataset version.</summary>
    public const string Created = "created";

    /// <summary>The files make a dataset version that was there before.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>No dataset can be made of the files; the reasons are in quarantine.</summary>
    public const string Refused = "refused";

    /// <summary>A file was dropped later, whose run reads the same folder.</summary>
    public const string Superseded = "superseded";

    /// <summary>The definition is good, and there is no training data yet, or none that is complete: the reasons say so then.</summary>
    public const string NoData = "no-data";
}

/// <summary>Makes a dataset version of all that stands in a model's folder of training data.</summary>
public sealed partial class DatasetCurator(
    PlatformStorage storage,
    DefinitionStore definitions,
    ContractStore contracts,
    DatasetStore datasets,
    Quarantine quarantine,
    ScratchSpace scratch,
    TimeProvider time,
    ILogger<DatasetCurator> logger)
{
    private const int MostReasons = 20;

    private readonly BlobIdentifiers identifiers = new(storage, definitions, scratch);

    /// <param name="model">The model.</param>
    /// <param name="cause">The dropped file that asks for it.</param>
    /// <param name="run">The ingestion run; what makes repeating it harmless.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<CurationResult> CurateAsync(string model, DroppedFile cause, string run, CancellationToken cancellationToken)
    {
        while (true)
        {
            var files = await ListAsync(model, cancellationToken);
            if (await IsSupersededAsync(cause, files, cancellationToken))
            {
                return Nothing(CurationResult.Superseded);
            }

            var stored = await definitions.ReadAsync(model, cancellationToken);
            if (stored is null)
            {
                return await RefuseAsync(cause, run, [MissingDefinition(model)], cancellationToken);
            }

            if (!stored.Result.IsAccepted)
            {
                return await RefuseAsync(stored.File, run, stored.Result.Refusals, cancellationToken);
            }

            await quarantine.ClearAsync(stored.File, cancellationToken);
            var contract = await contracts.TakeAsync(model, cancellationToken);
            if (contract is { Refusals.Count: > 0, File: { } dropped })
            {
                return await RefuseAsync(dropped, run, contract.Refusals, cancellationToken);
            }

            if (contract.File is { } accepted)
            {
                await quarantine.ClearAsync(accepted, cancellationToken);
            }

            var taken = Complete(files, stored.Result.Definition.Data);
            if (taken.Count == 0)
            {
                var waiting = files.Count(f => !CompletionMarker.Is(f.File.Name));
                return Nothing(CurationResult.NoData) with { Reasons = waiting == 0 ? [] : [WaitingFor(model, waiting)] };
            }

            var folder = scratch.CreateFolder();
            try
            {
                if (await BuildAsync(stored.Result.Definition, contract.Contract, taken, cause, run, folder.FullName, cancellationToken) is { } built)
                {
                    return built;
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    /// <summary>Builds a dataset of the files as they were listed; null when one of them changed or went meanwhile.</summary>
    private async Task<CurationResult?> BuildAsync(
        ModelDefinition definition,
        DataContract? contract,
        IReadOnlyList<TrainingBlob> files,
        DroppedFile cause,
        string run,
        string folder,
        CancellationToken cancellationToken)
    {
        var sources = new List<SourceFile>();
        var versions = new Dictionary<string, DroppedFile>(StringComparer.Ordinal);
        foreach (var (blob, index) in files.Select((f, i) => (f, i)))
        {
            var path = Path.Combine(folder, $"source-{index}");
            if (await DownloadAsync(blob.File, path, cancellationToken) is not { } hash)
            {
                return null;
            }

            sources.Add(new SourceFile(blob.File.Name, path, hash) { ETag = blob.File.ETag, Bytes = new FileInfo(path).Length, DroppedAt = blob.LastModified });
            versions[blob.File.Name] = blob.File;
        }

        var output = Directory.CreateDirectory(Path.Combine(folder, "dataset")).FullName;
        await using var progress = ReadingReport.Start(storage, definition.Model, run, time, logger);
        var builder = new DatasetBuilder
        {
            Contract = contract,
            Previous = await datasets.ReadLatestProfileAsync(definition.Model, cancellationToken),
            Progress = progress,
            At = time.GetUtcNow(),
        };
        var result = await builder.BuildAsync(definition, sources, output, cancellationToken);
        var reasons = new List<string>();
        foreach (var source in result.Sources)
        {
            var report = await ReportAsync(versions[source.Name], source, run, cancellationToken);
            if (source.Refusals is [var first, ..])
            {
                reasons.Add($"{Say(versions[source.Name], first)} See {report}.");
            }
        }

        var refusedFiles = result.Sources.Count(s => !s.IsAccepted);
        if (result.Manifest is not { } manifest)
        {
            // What is wrong with all of them together is said of each that is good by itself.
            var accepted = result.Sources.Where(s => s.IsAccepted).ToList();
            foreach (var source in accepted)
            {
                await RefuseAsync(versions[source.Name], source, run, result.Refusals, cancellationToken);
            }

            var said = result.Sources.SelectMany(s => s.Refusals.Select(r => result.Sources.Count > 1 ? Say(versions[s.Name], r) : Say(r)))
                .Concat(accepted.Count > 0 ? result.Refusals.Select(Say) : []);
            return new CurationResult(CurationResult.Refused, null, 0, 0, result.Sources.Count, [.. said.Take(MostReasons)], definition.Retraining.OnNewData);
        }

        if (await IsSupersededAsync(cause, await ListAsync(definition.Model, cancellationToken), cancellationToken))
        {
            // A later drop may be done already; what it made the latest must not be written over.
            return Nothing(CurationResult.Superseded);
        }

        var created = await datasets.SaveAsync(definition.Model, manifest.Version, output, run, cancellationToken);
        if (contract is null && result.Contract is { } inferred)
        {
            await contracts.InferAsync(inferred, cancellationToken);
        }

        await datasets.SetLatestVersionAsync(definition.Model, manifest.Version, cancellationToken);
        LogCurated(definition.Model, manifest.Version, manifest.Rows, manifest.RefusedRows, refusedFiles);
        return new CurationResult(
            created ? CurationResult.Created : CurationResult.Unchanged,
            manifest.Version,
            manifest.Rows,
            manifest.RefusedRows,
            refusedFiles,
            [.. reasons.Take(MostReasons)],
            definition.Retraining.OnNewData)
        {
            Warnings = manifest.Warnings is { } warnings ? [.. warnings.Take(MostReasons)] : null,
        };
    }

    /// <summary>Reports what of a file was refused; the report's path, null where nothing was.</summary>
    private async Task<string?> ReportAsync(DroppedFile file, SourceReport source, string run, CancellationToken cancellationToken)
    {
        if (!source.IsAccepted)
        {
            return await RefuseAsync(file, source, run, source.Refusals, cancellationToken);
        }

        if (RowsOf(source) is { } rows)
        {
            return await quarantine.RefuseRowsAsync(file, run, rows, cancellationToken);
        }

        await quarantine.ClearAsync(file, cancellationToken);
        return null;
    }

    private Task<string> RefuseAsync(DroppedFile file, SourceReport source, string run, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken) =>
        source.NotCopied is { } why
            ? quarantine.RefuseWithoutCopyAsync(file, run, refusals, RowsOf(source), why, cancellationToken)
            : quarantine.RefuseFileAsync(file, run, refusals, RowsOf(source), cancellationToken);

    private static RefusedRows? RowsOf(SourceReport source) =>
        source.RefusedRows == 0 ? null : new RefusedRows(source.RefusedRows, source.RowRefusals, source.RowRefusalCounts);

    private async Task<CurationResult> RefuseAsync(DroppedFile file, string run, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken)
    {
        if (file.Container != Containers.Definitions)
        {
            await quarantine.RefuseUnreadAsync(file, run, refusals, cancellationToken);
        }
        else if (await identifiers.WhyNotCopiedAsync(file, cancellationToken) is { } why)
        {
            await quarantine.RefuseWithoutCopyAsync(file, run, refusals, rows: null, why, cancellationToken);
        }
        else
        {
            await quarantine.RefuseFileAsync(file, run, refusals, cancellationToken);
        }

        return new CurationResult(CurationResult.Refused, null, 0, 0, 1, Say(refusals), TrainOnNewData: false);
    }

    private async Task<IReadOnlyList<TrainingBlob>> ListAsync(string model, CancellationToken cancellationToken)
    {
        var files = new List<TrainingBlob>();
        await foreach (var blob in storage.Container(Containers.TrainingData).GetBlobsAsync(prefix: $"{model}/", cancellationToken: cancellationToken))
        {
            // What has a direct identifier in its name is refused where it comes in, and is not part of a dataset, whose lineage would hold the name.
            var file = DroppedFile.From(Containers.TrainingData, blob.Name, blob.Properties.ETag.GetValueOrDefault());
            if (!file.HoldsIdentifier())
            {
                files.Add(new TrainingBlob(file, blob.Properties.LastModified.GetValueOrDefault()));
            }
        }

        return files;
    }

    /// <summary>The tables that are taken: all, or where the definition says so, those under a marker.</summary>
    private static IReadOnlyList<TrainingBlob> Complete(IReadOnlyList<TrainingBlob> files, DataPolicy policy)
    {
        var markers = files.Select(f => f.File.Name).Where(CompletionMarker.Is).ToList();
        return [.. files.Where(f => !CompletionMarker.Is(f.File.Name) && (policy.Complete == FolderCompletion.QuietPeriod || CompletionMarker.Covers(f.File.Name, markers)))];
    }

    private static string WaitingFor(string model, int files) =>
        $"{(files == 1 ? "1 file waits" : $"{files} files wait")} for a blob '{CompletionMarker.Name}' in the same folder, or in {Containers.TrainingData}/{model}/, as the definition says (data.complete: marker).";

    /// <summary>
    /// Whether another run reads the folder for this one: that of the file dropped last, where names decide between two of one second. A cause that
    /// was deleted since has no other run to leave the rest of the folder to. A definition or contract leaves it to files that were dropped after it.
    /// </summary>
    private async Task<bool> IsSupersededAsync(DroppedFile cause, IReadOnlyList<TrainingBlob> files, CancellationToken cancellationToken)
    {
        if (cause.Container != Containers.TrainingData)
        {
            return await FindDropTimeAsync(cause, cancellationToken) is { } dropped && files.Any(f => f.LastModified > dropped);
        }

        if (!files.Any(f => f.File.Name == cause.Name))
        {
            return false;
        }

        var last = files.OrderBy(f => f.LastModified).ThenBy(f => f.File.Name, StringComparer.Ordinal).Last();
        return last.File != cause;
    }

    /// <summary>When a file was dropped; null where another stands there by now, or none.</summary>
    private async Task<DateTimeOffset?> FindDropTimeAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await storage.Blob(file.Container, file.Name).GetPropertiesAsync(
                new BlobRequestConditions { IfMatch = new ETag(file.ETag) }, cancellationToken);
            return properties.Value.LastModified;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return null;
        }
    }

    private async Task<string?> DownloadAsync(DroppedFile file, string path, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadStreamingResult download = await storage.Blob(file.Container, file.Name).DownloadStreamingAsync(
                new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(file.ETag) } }, cancellationToken);
            using var sha = SHA256.Create();
            await using (var content = download.Content)
            await using (var to = File.Create(path))
            await using (var hashed = new CryptoStream(to, sha, CryptoStreamMode.Write))
            {
                await content.CopyToAsync(hashed, cancellationToken);
            }

            return Convert.ToHexStringLower(sha.Hash ?? []);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return null;
        }
    }

    private static Refusal MissingDefinition(string model) => new(
        $"There is no definition for '{model}'; expected {Containers.Definitions}/{model}.yaml.",
        "Drop the definition; the training data that stands in its folder is read then.");

    private static CurationResult Nothing(string outcome) => new(outcome, null, 0, 0, 0, [], TrainOnNewData: false);

    private static IReadOnlyList<string> Say(IEnumerable<Refusal> refusals) => [.. refusals.Take(MostReasons).Select(Say)];

    private static string Say(DroppedFile file, Refusal refusal) => $"'{file.Path}' was refused: {Say(refusal)}";

    private static string Say(Refusal refusal) => refusal.Line is { } line ? $"line {line}: {refusal.Reason} {refusal.Remedy}" : $"{refusal.Reason} {refusal.Remedy}";

    private sealed record TrainingBlob(DroppedFile File, DateTimeOffset LastModified);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model}: dataset {Version} of {Rows} rows ({RefusedRows} rows and {RefusedFiles} files refused)")]
    private partial void LogCurated(string model, string version, long rows, long refusedRows, int refusedFiles);
}
