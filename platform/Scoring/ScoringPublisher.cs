using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>What came of publishing.</summary>
public enum PublishingOutcome
{
    /// <summary>The result is visible.</summary>
    Published,

    /// <summary>The file changed or went; a later version has a run of its own, and its result must not be written over.</summary>
    Superseded,

    /// <summary>Blocks that were staged are gone, since another run of the same file published; they have to be staged again.</summary>
    BlocksLost,
}

/// <summary>A published result's counts. Always: rows = scored + refused.</summary>
/// <param name="Outcome">What came of it; unless published, nothing was changed and the rest means nothing.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Scored">Rows with a score.</param>
/// <param name="Refused">Rows without.</param>
/// <param name="Output">The result's path.</param>
/// <param name="Report">The refusals' path; null when there are none.</param>
public sealed record PublishedScores(PublishingOutcome Outcome, long Rows, long Scored, long Refused, string Output, string? Report);

/// <summary>Makes a result visible, whole: commits the list of its blocks.</summary>
public sealed partial class ScoringPublisher(ScoringWork work, Quarantine quarantine, ILogger<ScoringPublisher> logger)
{
    private const string RunKey = "run";

    /// <summary>Publishes a run whose chunks are all staged.</summary>
    /// <remarks>Idempotency key: the run, which the result carries in its metadata.</remarks>
    /// <exception cref="InvalidDataException">The receipts don't add up to the file's rows.</exception>
    public async Task<PublishedScores> PublishAsync(ScoringPlan plan, CancellationToken cancellationToken)
    {
        var output = $"{Containers.ScoringOutput}/{plan.OutputName}";

        // Read before the look at the input: whoever publishes after that look changes it, and the commit below is refused.
        var standing = await ReadStandingAsync(plan, cancellationToken);
        if (!standing.IsOurs && !await work.IsCurrentAsync(plan.File, cancellationToken))
        {
            return new PublishedScores(PublishingOutcome.Superseded, 0, 0, 0, output, null);
        }

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

        if (!standing.IsOurs)
        {
            if (!await TryCommitAsync(plan, standing.ETag, cancellationToken))
            {
                return new PublishedScores(PublishingOutcome.BlocksLost, 0, 0, 0, output, null);
            }

            LogPublished(output, rows, scored, refused, plan.Version);
        }

        return new PublishedScores(PublishingOutcome.Published, rows, scored, refused, output, report);
    }

    /// <summary>Commits the blocks, if the output is still the one that was looked at. False: it is not, or blocks are gone.</summary>
    private async Task<bool> TryCommitAsync(ScoringPlan plan, ETag? standing, CancellationToken cancellationToken)
    {
        try
        {
            await CommitAsync(plan, standing, cancellationToken);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 409 or 412 || lost.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            if ((await ReadStandingAsync(plan, cancellationToken)).IsOurs)
            {
                // The answer to the commit was lost, and its repeat refused for what it had done.
                return true;
            }

            LogBlocksLost(plan.Run, lost.ErrorCode ?? "");
            return false;
        }
    }

    private async Task CommitAsync(ScoringPlan plan, ETag? standing, CancellationToken cancellationToken)
    {
        var blob = work.OutputBlob(plan);
        using var header = new MemoryStream(ScoredRows.Header(plan), writable: false);
        await blob.StageBlockAsync(ScoredRows.HeaderBlockId(plan), header, cancellationToken: cancellationToken);
        await blob.CommitBlockListAsync(
            plan.Chunks.Select(c => ScoredRows.BlockId(plan, c.Index)).Prepend(ScoredRows.HeaderBlockId(plan)),
            new CommitBlockListOptions
            {
                Conditions = standing is { } etag ? new BlobRequestConditions { IfMatch = etag } : new BlobRequestConditions { IfNoneMatch = ETag.All },
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

    private async Task<(bool IsOurs, ETag? ETag)> ReadStandingAsync(ScoringPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties properties = await work.OutputBlob(plan).GetPropertiesAsync(cancellationToken: cancellationToken);
            return (properties.Metadata.TryGetValue(RunKey, out var run) && run == plan.Run, properties.ETag);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return (false, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The blocks of run {Run} were lost to another run of the same file ({ErrorCode}); they are staged again")]
    private partial void LogBlocksLost(string run, string errorCode);

    [LoggerMessage(Level = LogLevel.Information, Message = "Published {Output}: {Rows} rows, {Scored} scored, {Refused} refused, by version {Version}")]
    private partial void LogPublished(string output, long rows, long scored, long refused, int version);
}
