using System.Text.Json;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Datasets;
using Serverless.Orchestrations.Deployment;
using Serverless.Orchestrations.Evaluation;
using Serverless.Orchestrations.Scoring;
using Serverless.Orchestrations.Training;

namespace Serverless.Orchestrations.Runs;

/// <summary>A run as people see it: <c>GET /runs/{id}</c>.</summary>
/// <param name="Id">The orchestration's instance id.</param>
/// <param name="Kind">The orchestrator's name.</param>
/// <param name="Model">The model it is for; null before its first step.</param>
/// <param name="State">Pending, Running, Suspended, Completed, Failed or Terminated.</param>
/// <param name="Stage">What it is doing.</param>
/// <param name="Progress">How far it has come.</param>
/// <param name="CreatedAt">When it was asked for, UTC.</param>
/// <param name="UpdatedAt">When it last made a step, UTC.</param>
/// <param name="Detail">What is known so far.</param>
/// <param name="Result">What came of it, in the form of its kind; null until it is completed.</param>
/// <param name="Failure">What went wrong; null unless it failed.</param>
public sealed record RunView(
    string Id,
    string Kind,
    string? Model,
    string State,
    string? Stage,
    RunProgress? Progress,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    RunDetail? Detail,
    object? Result,
    RunFailure? Failure)
{
    /// <summary>The kinds of run that people see. Others, such as an embedder's own orchestrations, are left out.</summary>
    public static IReadOnlySet<string> Kinds { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        nameof(IngestDataset), nameof(TrainModel), nameof(EvaluateModel), nameof(DeployModel), nameof(ScoreFile),
    };

    /// <summary>The view of an instance that was fetched with its inputs and outputs.</summary>
    public static RunView Of(OrchestrationMetadata instance)
    {
        var status = Read<RunStatus>(instance.SerializedCustomStatus, instance.ReadCustomStatusAs<RunStatus>);
        return new RunView(
            instance.InstanceId,
            instance.Name,
            status?.Model,
            instance.RuntimeStatus.ToString(),
            status?.Stage,
            status?.Progress,
            instance.CreatedAt,
            instance.LastUpdatedAt,
            status?.Detail,
            instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? ResultOf(instance) : null,
            instance.FailureDetails is { } failure ? new RunFailure(failure.ErrorMessage) : null);
    }

    private static object? ResultOf(OrchestrationMetadata instance) => instance.Name switch
    {
        nameof(IngestDataset) => instance.ReadOutputAs<IngestResult>(),
        nameof(TrainModel) => instance.ReadOutputAs<TrainingResult>(),
        nameof(EvaluateModel) => instance.ReadOutputAs<EvaluationResult>(),
        nameof(DeployModel) => instance.ReadOutputAs<DeploymentResult>(),
        nameof(ScoreFile) => instance.ReadOutputAs<ScoreResult>(),
        _ => null,
    };

    private static T? Read<T>(string? serialized, Func<T?> read)
        where T : class
    {
        if (string.IsNullOrEmpty(serialized))
        {
            return null;
        }

        try
        {
            return read();
        }
        catch (JsonException)
        {
            // The status of a run that an older release wrote in another form: the rest of the view still holds.
            return null;
        }
    }
}

/// <param name="Message">What went wrong, where, and what to do.</param>
public sealed record RunFailure(string Message);
