using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>Keeps a timer's status in <c>azure-webjobs-hosts</c>, where an occurrence missed while the app was down can be told from it.</summary>
internal sealed class TimerStatusStore(BlobContainerClient hosts, string hostId)
{
    /// <summary>The status; null when none was ever written, or what was written cannot be read.</summary>
    public async Task<ScheduleStatus?> ReadAsync(string functionId, CancellationToken cancellationToken)
    {
        try
        {
            var content = await Blob(functionId).DownloadContentAsync(cancellationToken);
            return content.Value.Content.ToObjectFromJson<ScheduleStatus>();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
        catch (JsonException)
        {
            // Whoever damaged it, the timer goes on as if new.
            return null;
        }
    }

    public async Task WriteAsync(string functionId, ScheduleStatus status, CancellationToken cancellationToken)
    {
        try
        {
            await Blob(functionId).UploadAsync(BinaryData.FromObjectAsJson(status), overwrite: true, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await hosts.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await Blob(functionId).UploadAsync(BinaryData.FromObjectAsJson(status), overwrite: true, cancellationToken);
        }
    }

    private BlobClient Blob(string functionId) => hosts.GetBlobClient($"timers/{hostId}/{functionId}/status");
}
