using System.Globalization;
using NCrontab;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Retraining;

/// <summary>How far a model's schedule has been followed: <c>ledger/retraining/{model}.json</c>.</summary>
/// <param name="Schedule">The NCRONTAB expression.</param>
/// <param name="FollowedTo">Every occurrence up to and including this instant, UTC, has been dealt with.</param>
public sealed record ScheduleProgress(string Schedule, DateTimeOffset FollowedTo);

/// <summary>A model whose schedule says that it is time to train.</summary>
/// <param name="Model">The model.</param>
/// <param name="Occurrence">The occurrence that fell due, UTC.</param>
/// <param name="Progress">What to record once the run is started.</param>
public sealed record DueRetraining(string Model, DateTimeOffset Occurrence, ScheduleProgress Progress)
{
    /// <summary>The run's instance id: one per occurrence, so that starting it twice is harmless.</summary>
    public string InstanceId => string.Create(CultureInfo.InvariantCulture, $"train-{Model}-{Occurrence:yyyyMMdd'T'HHmmss}");
}

/// <summary>Which models are due for retraining by the schedule in their own definition.</summary>
public sealed class RetrainingSchedule(PlatformStorage storage, DefinitionStore definitions, TimeProvider time)
{
    /// <summary>The models that are due. Of several occurrences missed while the platform was down, the latest counts.</summary>
    public async Task<IReadOnlyList<DueRetraining>> FindDueAsync(CancellationToken cancellationToken)
    {
        var due = new List<DueRetraining>();
        foreach (var model in await definitions.ListModelsAsync(cancellationToken))
        {
            var schedule = (await definitions.ReadAsync(model, cancellationToken))?.Result.Definition?.Retraining.Schedule;
            var progress = (await storage.ReadAsync<ScheduleProgress>(Containers.Ledger, ProgressName(model), cancellationToken))?.Value;
            var now = time.GetUtcNow();
            if (schedule is null)
            {
                if (progress is not null)
                {
                    // Put back later, it counts from then on.
                    await storage.Blob(Containers.Ledger, ProgressName(model)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
                }
            }
            else if (progress?.Schedule != schedule)
            {
                // A new or changed schedule counts from now on, not from some time in the past.
                await RecordAsync(model, new ScheduleProgress(schedule, now), cancellationToken);
            }
            else if (LatestOccurrence(schedule, progress.FollowedTo, now) is { } occurrence)
            {
                due.Add(new DueRetraining(model, occurrence, progress with { FollowedTo = occurrence }));
            }
        }

        return due;
    }

    /// <summary>Records how far a schedule has been followed.</summary>
    public Task RecordAsync(string model, ScheduleProgress progress, CancellationToken cancellationToken) =>
        storage.WriteAsync(Containers.Ledger, ProgressName(model), progress, cancellationToken);

    /// <summary>The last occurrence after <paramref name="after"/> and not later than <paramref name="now"/>; null when there is none.</summary>
    /// <param name="schedule">NCRONTAB with six fields, UTC.</param>
    /// <param name="after">Exclusive lower bound.</param>
    /// <param name="now">Inclusive upper bound.</param>
    public static DateTimeOffset? LatestOccurrence(string schedule, DateTimeOffset after, DateTimeOffset now)
    {
        var parsed = CrontabSchedule.Parse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true });

        // NCrontab walks forward only: look back over ever longer spans, so that a long pause with a dense schedule stays cheap.
        for (var span = TimeSpan.FromMinutes(1); ; span *= 8)
        {
            var from = now - span > after ? now - span : after;
            var latest = parsed.GetNextOccurrences(from.UtcDateTime, now.UtcDateTime.AddTicks(1)).Cast<DateTime?>().LastOrDefault();
            if (latest is not null)
            {
                return new DateTimeOffset(latest.Value, TimeSpan.Zero);
            }

            if (from == after)
            {
                return null;
            }
        }
    }

    private static string ProgressName(string model) => $"retraining/{model}.json";
}
