using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Datasets;

/// <param name="File">The file whose run failed.</param>
/// <param name="Run">The run.</param>
/// <param name="Failure">What went wrong.</param>
public sealed record ReportFailureInput(DroppedFile File, string Run, string Failure);

/// <summary>Answers for a file that the platform, and not the user, is to blame for: it is reported like a refused one.</summary>
/// <remarks>Idempotency key: the report's path.</remarks>
public sealed class ReportFailure(Quarantine quarantine)
{
    [Function(nameof(ReportFailure))]
    public Task Run([ActivityTrigger] ReportFailureInput input, CancellationToken cancellationToken) => quarantine.RefuseUnreadAsync(
        input.File,
        input.Run,
        [new Refusal($"The platform failed on this file: {input.Failure}", $"GET /runs/{input.Run} has the failure. Once its cause is mended, drop the file again.")],
        cancellationToken);
}
