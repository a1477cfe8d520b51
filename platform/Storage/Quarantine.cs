using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;

namespace Serverless.Platform.Storage;

/// <summary>What was refused of a file, why, and what to do: <c>quarantine/{container}/{name}.report.json</c>, and as a page <c>.report.html</c>.</summary>
/// <param name="File">The file's path, <c>{container}/{name}</c>.</param>
/// <param name="ETag">The version that was read.</param>
/// <param name="Run">The run that refused it.</param>
/// <param name="RefusedAt">When, UTC.</param>
/// <param name="WholeFile">True when nothing of the file was taken; false when only the rows listed were left out.</param>
/// <param name="RefusedRows">How many rows were refused; of a file that was refused whole, for as many rows as it was.</param>
/// <param name="Refusals">The reasons: those of the whole file, then those of refused rows, of which the first are listed.</param>
public sealed record RefusalReport(
    string File, string ETag, string Run, DateTimeOffset RefusedAt, bool WholeFile, long RefusedRows, IReadOnlyList<Refusal> Refusals)
{
    /// <summary>All reasons for refused rows by rule and column; null where they were not counted.</summary>
    public IReadOnlyList<RefusalCount>? Counts { get; init; }

    /// <summary>What of the reasons is listed, where it is not all: <c>the first 100 of 200 reasons</c>.</summary>
    public string? Listed { get; init; }

    /// <summary>Why no copy of the file stands beside the report; null: one does, or only rows of it were refused.</summary>
    public string? NotCopied { get; init; }
}

/// <summary>Where refused input goes. The user's own file stays where it was dropped; quarantine keeps a copy, since that file may be changed.</summary>
public sealed partial class Quarantine(PlatformStorage storage, TimeProvider time, ILogger<Quarantine> logger)
{
    /// <summary>The most refusals that one report lists; the count is always whole.</summary>
    public const int MostRefusalsListed = 1000;

    /// <summary>How the reason begins why no copy of a file is kept.</summary>
    internal const string NoCopy = "No copy of it is kept here: ";

    private const int LongestName = 900;

    // Runs that copy to one place at once can only come between one another so often.
    private const int MostCopies = 10;

    private static readonly TimeSpan CopyPolling = TimeSpan.FromMilliseconds(500);

    /// <summary>The path of the same report as a page.</summary>
    public static string PageName(string container, string name) => $"{Short($"{container}/{name}")}.report.html";

    /// <summary>The path of a file's report inside the quarantine container.</summary>
    public static string ReportName(string container, string name) => $"{Short($"{container}/{name}")}.report.json";

    /// <summary>Refuses a whole file: copies it and reports why. Repeating it is harmless.</summary>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public Task<string> RefuseFileAsync(DroppedFile file, string run, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken) =>
        RefuseFileAsync(file, run, refusals, rows: null, cancellationToken);

    /// <summary>Refuses a whole file for its rows: copies it and reports why. Repeating it is harmless.</summary>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public async Task<string> RefuseFileAsync(DroppedFile file, string run, IReadOnlyList<Refusal> refusals, RefusedRows? rows, CancellationToken cancellationToken)
    {
        await CopyAsync(file, cancellationToken);
        return await ReportAsync(file, run, wholeFile: true, refusals, rows, notCopied: null, cancellationToken);
    }

    /// <summary>Refuses a whole file that nobody looked into, so that nobody knows that it holds no card numbers: reports why. Repeating it is harmless.</summary>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public Task<string> RefuseUnreadAsync(DroppedFile file, string run, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken) =>
        RefuseWithoutCopyAsync(file, run, refusals, rows: null, $"{NoCopy}nobody looked into the file for direct identifiers.", cancellationToken);

    /// <summary>Refuses a whole file that must not be copied: reports why. Repeating it is harmless.</summary>
    /// <param name="file">The file.</param>
    /// <param name="run">The run that refuses it.</param>
    /// <param name="refusals">Why it is refused.</param>
    /// <param name="rows">Its rows that were refused; null: none were.</param>
    /// <param name="notCopied">Why it must not be copied; begins with <see cref="NoCopy"/>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public async Task<string> RefuseWithoutCopyAsync(
        DroppedFile file, string run, IReadOnlyList<Refusal> refusals, RefusedRows? rows, string notCopied, CancellationToken cancellationToken)
    {
        // An earlier version may have been copied.
        await storage.Blob(Containers.Quarantine, Short(file.Path)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        return await ReportAsync(file, run, wholeFile: true, refusals, rows, notCopied, cancellationToken);
    }

    /// <summary>Reports the rows of a file that were left out. Repeating it is harmless.</summary>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public Task<string> RefuseRowsAsync(
        DroppedFile file, string run, long refusedRows, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken) =>
        RefuseRowsAsync(file, run, new RefusedRows(refusedRows, refusals, []), cancellationToken);

    /// <inheritdoc cref="RefuseRowsAsync(DroppedFile, string, long, IReadOnlyList{Refusal}, CancellationToken)"/>
    public async Task<string> RefuseRowsAsync(DroppedFile file, string run, RefusedRows rows, CancellationToken cancellationToken)
    {
        // An earlier version may have been refused whole.
        await storage.Blob(Containers.Quarantine, Short(file.Path)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        return await ReportAsync(file, run, wholeFile: false, [], rows, notCopied: null, cancellationToken);
    }

    /// <summary>Keeps a queue message that is not one of ours, with the reason.</summary>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public async Task<string> RefuseMessageAsync(string queue, string messageId, string body, Refusal refusal, CancellationToken cancellationToken)
    {
        var name = $"queues/{queue}/{messageId}";
        await storage.Blob(Containers.Quarantine, name).UploadAsync(BinaryData.FromString(body), overwrite: true, cancellationToken);
        var report = new RefusalReport($"{queue}/{messageId}", "", "", time.GetUtcNow(), WholeFile: true, RefusedRows: 0, [refusal]);
        await storage.WriteAsync(Containers.Quarantine, $"{name}.report.json", report, cancellationToken);
        LogRefused($"{queue}/{messageId}", 1, refusal.Reason);
        return $"{Containers.Quarantine}/{name}.report.json";
    }

    /// <summary>Takes back what was said of an earlier version of a file, now that a version of it was taken whole.</summary>
    public async Task ClearAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        await storage.Blob(Containers.Quarantine, ReportName(file.Container, file.Name)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await storage.Blob(Containers.Quarantine, PageName(file.Container, file.Name)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await storage.Blob(Containers.Quarantine, Short(file.Path)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>A blob's name has at most 1,024 characters, and the report's is longer than the file's.</summary>
    private static string Short(string path) => path.Length <= LongestName
        ? path
        : $"long-names/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))}";

    private async Task CopyAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        var (from, to) = (storage.Blob(file.Container, file.Name), storage.Blob(Containers.Quarantine, Short(file.Path)));
        CopyStatus? ended = null;
        for (var attempt = 0; attempt < MostCopies; attempt++)
        {
            try
            {
                await to.StartCopyFromUriAsync(
                    from.Uri, new BlobCopyFromUriOptions { SourceConditions = new BlobRequestConditions { IfMatch = new ETag(file.ETag) } }, cancellationToken);
            }
            catch (RequestFailedException other) when (other.ErrorCode == BlobErrorCode.PendingCopyOperation)
            {
                // Another run copies there, perhaps an earlier version: this one goes after it.
                await WaitForCopyAsync(to, cancellationToken);
                continue;
            }
            catch (RequestFailedException gone) when (gone.Status is 404 or 412)
            {
                // The version read is no longer there to copy; the report still answers for it.
                LogNothingToCopy(file.Path);
                return;
            }

            ended = await WaitForCopyAsync(to, cancellationToken);
            if (ended == CopyStatus.Success) return;
        }

        throw new IOException($"{file.Path} could not be copied into {Containers.Quarantine} in {MostCopies} attempts; the last copy ended as '{ended?.ToString() ?? "gone"}'.");
    }

    /// <summary>
    /// Waits until nothing is being copied to a blob. A run may find a copy that another run made of the same file since: that is as good as its own, so
    /// none is told from another by its id.
    /// </summary>
    /// <returns>How the last copy ended; null when there is none any more.</returns>
    private async Task<CopyStatus?> WaitForCopyAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                BlobProperties properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
                if (properties.BlobCopyStatus != CopyStatus.Pending) return properties.BlobCopyStatus;
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                return null;
            }

            await Task.Delay(CopyPolling, time, cancellationToken);
        }
    }

    private async Task<string> ReportAsync(
        DroppedFile file, string run, bool wholeFile, IReadOnlyList<Refusal> refusals, RefusedRows? rows, string? notCopied, CancellationToken cancellationToken)
    {
        var reasons = refusals.Concat(rows?.Reasons ?? []).ToList();
        var listed = reasons.Take(MostRefusalsListed).ToList();

        // Of rows whose reasons were not counted there is one reason each at least.
        var all = Math.Max(reasons.Count, refusals.Count + (rows is null ? 0 : rows.Counts.Count > 0 ? rows.Counts.Sum(c => c.Count) : rows.Count));
        var report = new RefusalReport(file.Path, file.ETag, run, time.GetUtcNow(), wholeFile, rows?.Count ?? 0, listed)
        {
            Counts = rows is { Counts.Count: > 0 } ? rows.Counts : null,
            NotCopied = notCopied,
            Listed = all > listed.Count ? string.Create(CultureInfo.InvariantCulture, $"the first {listed.Count - refusals.Count} of {all - refusals.Count} reasons") : null,
        };
        var name = ReportName(file.Container, file.Name);
        await storage.Blob(Containers.Quarantine, PageName(file.Container, file.Name)).UploadAsync(
            BinaryData.FromString(RefusalPage.Render(report)),
            new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/html; charset=utf-8" } },
            cancellationToken);
        await storage.WriteAsync(Containers.Quarantine, name, report, cancellationToken);
        LogRefused(file.Path, wholeFile ? 1 : report.RefusedRows, $"{Containers.Quarantine}/{name}");
        return $"{Containers.Quarantine}/{name}";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused {File} ({Count} refusals); see {Report}")]
    private partial void LogRefused(string file, long count, string report);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} changed or went before it could be copied into quarantine")]
    private partial void LogNothingToCopy(string file);
}
