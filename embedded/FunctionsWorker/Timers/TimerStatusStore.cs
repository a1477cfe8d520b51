using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>Keeps a timer's status in <c>azure-webjobs-hosts</c>, where an occurrence missed while the app was down can be told from it: under the name and in the form of the genuine host.</summary>
internal sealed class TimerStatusStore(BlobContainerClient hosts, string hostId)
{
    /// <summary>The status, UTC; null when none was ever written, or what was written cannot be read.</summary>
    public async Task<ScheduleStatus?> ReadAsync(string functionId, CancellationToken cancellationToken)
    {
        try
        {
            var content = await Blob(functionId).DownloadContentAsync(cancellationToken);
            return Parse(content.Value.Content.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    public async Task WriteAsync(string functionId, ScheduleStatus status, CancellationToken cancellationToken)
    {
        var content = BinaryData.FromString(Format(status));
        try
        {
            await Blob(functionId).UploadAsync(content, overwrite: true, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await hosts.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await Blob(functionId).UploadAsync(content, overwrite: true, cancellationToken);
        }
    }

    /// <summary>Null for what cannot be read: whoever damaged it, the timer goes on as if new.</summary>
    internal static ScheduleStatus? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind != JsonValueKind.Object ? null : new ScheduleStatus
            {
                Last = Time(nameof(ScheduleStatus.Last)),
                Next = Time(nameof(ScheduleStatus.Next)),
                LastUpdated = Time(nameof(ScheduleStatus.LastUpdated)),
            };

            // The first days of all time stand for never; in some zones they cannot be told as UTC.
            DateTime Time(string name) => document.RootElement.TryGetProperty(name, out var value)
                && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
                ? time.UtcDateTime
                : default;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    internal static string Format(ScheduleStatus status) => JsonSerializer.Serialize(new
    {
        Last = Text(status.Last),
        Next = Text(status.Next),
        LastUpdated = Text(status.LastUpdated),
    });

    private static string Text(DateTime utc) => new DateTimeOffset(utc.Ticks, TimeSpan.Zero).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    private BlobClient Blob(string functionId) => hosts.GetBlobClient($"timers/{hostId}/{functionId}/status");
}
