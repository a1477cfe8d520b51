using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>What came of planning.</summary>
public enum PlanningOutcome
{
    /// <summary>The plan is stored; the chunks can be sent.</summary>
    Planned,

    /// <summary>The file cannot be scored; the reasons say why.</summary>
    Refused,

    /// <summary>The model is known but no version of it serves yet.</summary>
    AwaitsDeployment,

    /// <summary>The file changed or went since it was dropped; a later version has a run of its own.</summary>
    Superseded,
}

/// <param name="Outcome">What came of it.</param>
/// <param name="Plan">The plan; null unless planned.</param>
/// <param name="Refusals">Why it was refused; else empty.</param>
public sealed record PlanningResult(PlanningOutcome Outcome, ScoringPlan? Plan, IReadOnlyList<Refusal> Refusals);

/// <summary>Reads a dropped file once, checks what concerns all of it, and cuts it into chunks at record boundaries.</summary>
public sealed class ScoringPlanner(PlatformStorage storage, ModelRegistry registry, DefinitionStore definitions, DatasetStore datasets, ScoringCopy copies, ScoringWork work)
{
    /// <summary>The most rows of a chunk: some tens of milliseconds of work, so that a lost worker costs little.</summary>
    public const int MostRowsPerChunk = 10_000;

    /// <summary>The bytes after which a chunk ends, so that a worker's memory is bounded whatever the rows' width.</summary>
    public const int MostBytesPerChunk = 4 * 1024 * 1024;

    /// <summary>The same where reasons are asked for, which take about a millisecond a row.</summary>
    public const int MostExplainedRowsPerChunk = 2_000;

    /// <summary>The key of a file's metadata by which reasons are asked for that file alone, more or fewer than the definition says.</summary>
    public const string ReasonsKey = "reasons";

    /// <summary>The most columns that a refusal names.</summary>
    private const int MostColumnsNamed = 20;

    /// <summary>Plans the scoring of a file and stores the plan.</summary>
    /// <remarks>Idempotency key: the run. A plan that stands is kept, and with it the version that scores.</remarks>
    public async Task<PlanningResult> PlanAsync(string run, string model, DroppedFile file, CancellationToken cancellationToken)
    {
        if (await work.ReadPlanAsync(run, cancellationToken) is { } standing)
        {
            return new PlanningResult(PlanningOutcome.Planned, standing, []);
        }

        if (TableFormat.Of(file.Name) is not { } format)
        {
            return Refused(TableFormat.UnknownOf(file.Name));
        }

        if (await registry.ReadDeploymentAsync(model, cancellationToken) is not { } deployment)
        {
            return await definitions.ReadAsync(model, cancellationToken) is null
                ? Refused(new Refusal(
                    $"There is no model '{model}'; expected {file.Container}/{{model}}/{{file}} with the name of a model.",
                    "GET /models lists the models there are; drop the file into the folder of one of them."))
                : new PlanningResult(PlanningOutcome.AwaitsDeployment, null, []);
        }

        var version = deployment.Value.Champion;
        var signature = await registry.ReadVersionFileAsync<ModelSignature>(model, version, ModelRegistry.SignatureFile, cancellationToken)
            ?? throw new InvalidDataException($"Version {version} of '{model}' is deployed but has no {ModelRegistry.SignatureFile}. Train and deploy another version.");
        var negative = await NegativeLabelAsync(model, version, signature, cancellationToken);
        var (reasons, refusal) = await ReasonsAsync(model, file, cancellationToken);
        if (refusal is not null)
        {
            return Refused(refusal);
        }

        DroppedFile? copy = null;
        if (!ScoringCopy.IsNeedless(format))
        {
            (copy, refusal) = await copies.MakeAsync(run, file, format, cancellationToken);
            if (copy is null)
            {
                return refusal is null ? new PlanningResult(PlanningOutcome.Superseded, null, []) : Refused(refusal);
            }
        }

        var result = await ReadAsync(
            copy ?? file, signature, reasons == 0 ? MostRowsPerChunk : MostExplainedRowsPerChunk,
            (header, rows, chunks) => new ScoringPlan(run, model, version, file, header, signature.Target.Positive ?? "", negative, rows, chunks, reasons, copy)
            {
                Task = signature.Task,
                Classes = signature.Classes,
            },
            cancellationToken);
        if (copy is not null)
        {
            // The copy's lines are not the file's.
            result = result with { Refusals = [.. result.Refusals.Select(r => r with { Line = null })] };
        }

        if (result.Plan is { } plan)
        {
            await work.WritePlanAsync(plan, cancellationToken);
        }

        return result;
    }

    private async Task<PlanningResult> ReadAsync(
        DroppedFile file,
        ModelSignature signature,
        int mostRows,
        Func<CsvHeader, long, IReadOnlyList<ScoringChunk>, ScoringPlan> plan,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await storage.Blob(file.Container, file.Name).OpenReadAsync(
                new BlobOpenReadOptions(allowModifications: false)
                {
                    BufferSize = MostBytesPerChunk,
                    Conditions = new BlobRequestConditions { IfMatch = new ETag(file.ETag) },
                },
                cancellationToken);
            return await ScanAsync(stream, signature, mostRows, plan, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return new PlanningResult(PlanningOutcome.Superseded, null, []);
        }
    }

    /// <summary>How many reasons the rows of a file get: as many as its metadata asks for, else as the definition says.</summary>
    private async Task<(int Reasons, Refusal? Refusal)> ReasonsAsync(string model, DroppedFile file, CancellationToken cancellationToken)
    {
        if (await MetadataAsync(file, cancellationToken) is { } asked)
        {
            return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= ScoringPolicy.MostReasons
                ? (count, null)
                : (0, new Refusal(
                    $"The file's metadata has {ReasonsKey} = '{ValueExcerpt.Of(asked)}'; expected a number from 0 to {ScoringPolicy.MostReasons}.",
                    "Correct the metadata and drop the file again, or leave it out: the definition says then how many (scoring.reasons)."));
        }

        var stored = await definitions.ReadAsync(model, cancellationToken);
        return (stored?.Result is { IsAccepted: true } accepted ? accepted.Definition.Scoring.Reasons : 0, null);
    }

    private async Task<string?> MetadataAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties properties = await storage.Blob(file.Container, file.Name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return properties.Metadata.TryGetValue(ReasonsKey, out var asked) ? asked : null;
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            // Whoever reads it next finds that too, and has the answer to it.
            return null;
        }
    }

    private static async Task<PlanningResult> ScanAsync(
        Stream stream,
        ModelSignature signature,
        int mostRows,
        Func<CsvHeader, long, IReadOnlyList<ScoringChunk>, ScoringPlan> plan,
        CancellationToken cancellationToken)
    {
        using var reader = new CsvRecordReader(stream);
        if (!await reader.ReadHeaderAsync(cancellationToken) || reader.Header is not { } header)
        {
            return Refused(reader.Refusal ?? new Refusal("The header could not be read.", "Drop the file again with the columns' names in its first line."));
        }

        if (HeaderRefusals(header, signature) is { Count: > 0 } refusals)
        {
            return new PlanningResult(PlanningOutcome.Refused, null, refusals);
        }

        var chunks = new List<ScoringChunk>();
        CsvPosition start = default;
        var (rows, length, total) = (0, 0L, 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (position, recordLength) = (reader.Record.Position, reader.Record.LengthWithLineEnd);
            if (rows > 0 && (rows == mostRows || position.Offset + recordLength - start.Offset > MostBytesPerChunk))
            {
                chunks.Add(new ScoringChunk(chunks.Count, start, (int)length, rows));
                rows = 0;
            }

            start = rows == 0 ? position : start;
            length = position.Offset + recordLength - start.Offset;
            rows++;
            total++;
        }

        if (reader.Refusal is { } malformed)
        {
            return Refused(malformed);
        }

        chunks.Add(new ScoringChunk(chunks.Count, start, (int)length, rows));
        return new PlanningResult(PlanningOutcome.Planned, plan(header, total, chunks), []);
    }

    /// <summary>Why the model cannot score a file of this header: it lacks columns that the model takes.</summary>
    private static List<Refusal> HeaderRefusals(CsvHeader header, ModelSignature signature)
    {
        var found = header.Columns.ToHashSet(StringComparer.Ordinal);
        var missing = signature.Columns.Select(column => column.Name).Where(name => !found.Contains(name)).ToList();
        if (missing.Count == 0)
        {
            return [];
        }

        var named = string.Join(", ", missing.Take(MostColumnsNamed).Select(name => $"'{name}'"));
        var rest = missing.Count > MostColumnsNamed ? $" and {missing.Count - MostColumnsNamed} more" : "";
        return [new Refusal(
            $"{missing.Count} of the {signature.Columns.Count} columns that the model takes are missing: {named}{rest}.",
            "Add them, in any order; leave their values empty where they are not known. GET /models/{model}/versions/{n} lists all columns in its signature.",
            Column: missing.Count == 1 ? missing[0] : null,
            Line: 1)];
    }

    private async Task<string> NegativeLabelAsync(string model, int version, ModelSignature signature, CancellationToken cancellationToken)
    {
        if (signature.Task != LearningTask.BinaryClassification)
        {
            return "";
        }

        var lineage = await registry.ReadLineageAsync(model, version, cancellationToken);
        var manifest = lineage is null ? null : await datasets.ReadManifestAsync(model, lineage.Dataset, cancellationToken);
        return manifest?.Target.Negative ?? $"not {signature.Target.Positive}";
    }

    private static PlanningResult Refused(Refusal refusal) => new(PlanningOutcome.Refused, null, [refusal]);
}
