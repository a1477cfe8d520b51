using Microsoft.DurableTask.Abstractions;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>Keeps instances of versions that the code was not written for away from it.</summary>
internal sealed class VersionGate(TaskHubOptions options)
{
    public bool FailsMismatches => options.VersionFailureStrategy == VersionFailureStrategy.Fail;

    /// <returns>Why an instance of that version is not run; null when it is.</returns>
    public FailureRecord? Check(string version)
    {
        var isRun = options switch
        {
            { DefaultVersion: "" } or { VersionMatchStrategy: VersionMatchStrategy.None } => true,
            { VersionMatchStrategy: VersionMatchStrategy.Strict } => version == options.DefaultVersion,
            _ => TaskOrchestrationVersioningUtils.CompareVersions(version, options.DefaultVersion) <= 0,
        };
        return isRun ? null : new FailureRecord(
            "VersionMismatch",
            $"Orchestration version did not comply with Worker Versioning: the instance has the version '{version}', the code is '{options.DefaultVersion}' "
            + $"and runs {(options.VersionMatchStrategy == VersionMatchStrategy.Strict ? "that version only" : "that version and older ones")}.",
            IsNonRetriable: true);
    }
}
