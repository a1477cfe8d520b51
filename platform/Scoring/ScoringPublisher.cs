using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>A published result's counts. Always: rows = scored + refused.</summary>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Scored">Rows with a score.</param>
/// <param name="Refused">Rows without.</param>
/// <param name="Output">The result's path.</param>
/// <param name="Report">The refusals' path; null when there are none.</param>
public sealed record PublishedScores(long Rows, long Scored, long Refused, string Output, string? Report);

/// <summary>Makes a result visible, whole: commits the list of its blocks.</summary>
public sealed partial class ScoringPublisher(ScoringWork work, Quarantine quarantine, ILogger<ScoringPublisher> logger)
{
    private const string RunKey = "run";

    /// <summary>Publishes a run whose chunks are all staged.</summary>
    /// <remarks>Idempotency key: the run, which the result carries in its metadata.</remarks>
    /// <exception cref="InvalidDataException">The receipts don't add up to the file's rows.</exception>
    public async Task<PublishedScores> PublishAsync(ScoringPlan plan, CancellationToken cancellationToken)
    {
        var (rows, scored, refused, refusals) = await work.SumReceiptsAsync(plan.Run, Quarantine.MostRefusalsListed, cancellationToken);
        if (rows != plan.Rows || scored + refused != rows)
        {
            throw new InvalidDataException(
                $"The receipts of run {plan.Run} speak of {rows} rows ({scored} scored, {refused} refused); the file has {plan.Rows}. Nothing was published.");
        }

        string? report = null;
        if (refused > 0)
        {
            report = await quarantine.RefuseRowsAsync(plan.File, plan.Run, refused, refusals, cancellationToken);
        }
        else
        {
            await quarantine.ClearAsync(plan.File, cancellationToken);
        }

        var output = $"{Containers.ScoringOutput}/{plan.File.Name}";
        if (!await IsPublishedAsync(plan, cancellationToken))
        {
            await CommitAsync(plan, cancellationToken);
            LogPublished(output, rows, scored, refused, plan.Version);
        }

        return new PublishedScores(rows, scored, refused, output, report);
    }

    private async Task CommitAsync(ScoringPlan plan, CancellationToken cancellationToken)
    {
        var blob = work.OutputBlob(plan);
        using var header = new MemoryStream(ScoredRows.Header(plan.Header), writable: false);
        await blob.StageBlockAsync(ScoredRows.HeaderBlockId(plan), header, cancellationToken: cancellationToken);
        await blob.CommitBlockListAsync(
            plan.Chunks.Select(c => ScoredRows.BlockId(plan, c.Index)).Prepend(ScoredRows.HeaderBlockId(plan)),
            new CommitBlockListOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = "text/csv; charset=utf-8" },
                Metadata = new Dictionary<string, string>
                {
                    [RunKey] = plan.Run,
                    ["version"] = plan.Version.ToString(CultureInfo.InvariantCulture),
                    ["rows"] = plan.Rows.ToString(CultureInfo.InvariantCulture),
                },
            },
            cancellationToken);
    }

    private async Task<bool> IsPublishedAsync(ScoringPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties properties = await work.OutputBlob(plan).GetPropertiesAsync(cancellationToken: cancellationToken);
            return properties.Metadata.TryGetValue(RunKey, out var run) && run == plan.Run;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Published {Output}: {Rows} rows, {Scored} scored, {Refused} refused, by version {Version}")]
    private partial void LogPublished(string output, long rows, long scored, long refused, int version);
}
