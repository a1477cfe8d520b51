using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Orchestrations.Scoring;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Datasets;

/// <summary>
/// The one way in for dropped files. Triggers and the sweep both end here, so that each version of a file starts one run whoever sees it first,
/// and however often.
/// </summary>
public sealed partial class DropIntake(DropLedger ledger, Quarantine quarantine, PlatformStorage storage, ILogger<DropIntake> logger)
{
    /// <summary>Starts the run for the version of a file that stands in its container now, unless one was started before.</summary>
    public async Task AcceptAsync(DurableTaskClient client, string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await storage.Blob(container, name).GetPropertiesAsync(cancellationToken: cancellationToken);
            await AcceptAsync(client, DroppedFile.From(container, name, properties.Value.ETag), cancellationToken);
        }
        catch (Azure.RequestFailedException missing) when (missing.Status == 404)
        {
            LogGone(new DroppedFile(container, name, "").ShownPath());
        }
    }

    /// <summary>Starts what no trigger did: compares an input container with the ledger.</summary>
    public async Task SweepAsync(DurableTaskClient client, string container, CancellationToken cancellationToken)
    {
        await foreach (var file in ledger.UnrecordedAsync(container, cancellationToken))
        {
            try
            {
                await AcceptAsync(client, file, cancellationToken);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                // One file that cannot be taken must not keep the others waiting; the next sweep tries it again.
                LogNotAccepted(file.ShownPath(), fault);
            }
        }
    }

    private async Task AcceptAsync(DurableTaskClient client, DroppedFile file, CancellationToken cancellationToken)
    {
        if (await ledger.ContainsAsync(file, cancellationToken))
        {
            return;
        }

        if (file.HoldsIdentifier())
        {
            // No run is started, since its history would hold the name.
            await quarantine.RefuseUnreadAsync(file.Masked(), run: "", [IdentifierNames.Refuse(file)], cancellationToken);
            await ledger.RecordAsync(file, run: "", cancellationToken);
            return;
        }

        if (file.Model is not { } model)
        {
            await quarantine.RefuseUnreadAsync(file, run: "", [Misplaced(file)], cancellationToken);
            await ledger.RecordAsync(file, run: "", cancellationToken);
            return;
        }

        var (orchestrator, verb, input) = file.Container == Containers.ScoringInput
            ? (nameof(ScoreFile), "score", (object)new ScoreRequest(model, file))
            : (nameof(IngestDataset), "ingest", new IngestRequest(model, file, ShowsProgress: true));
        var run = file.InstanceId(verb);
        await StartOnceAsync(client, orchestrator, run, input, cancellationToken);

        // Killed before this line, the sweep comes by again, finds the run and writes the entry then.
        await ledger.RecordAsync(file, run, cancellationToken);
        LogAccepted(file.Path, run);
    }

    /// <summary>Starts an orchestration under an id that stands for its cause, unless there is one by that id.</summary>
    /// <returns>Whether it was started now.</returns>
    internal static async Task<bool> StartOnceAsync(
        DurableTaskClient client, string orchestrator, string instanceId, object input, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instanceId, cancellationToken) is not null)
        {
            return false;
        }

        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(instanceId), cancellationToken);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Backends differ in what they throw when somebody else was first; that there is such a run now is what matters.
            if (await client.GetInstanceAsync(instanceId, cancellationToken) is null)
            {
                throw;
            }

            return false;
        }
    }

    private static Refusal Misplaced(DroppedFile file)
    {
        var remedy = file.Container == Containers.Definitions
            ? $"Drop it as {file.Container}/my-model.yaml, with 'model: my-model' in it."
            : $"Drop it as {file.Container}/my-model/{file.Name.Split('/')[^1]}, with the name of one of your models.";
        return file.ModelAsNamed() is { Length: > 0 } named
            ? new Refusal($"Found '{file.Path}', where '{named}' is no model's name: {DefinitionParser.WhyNoModelName(named)}; expected {DefinitionParser.ModelNames}.", remedy)
            : new Refusal(
                file.Container == Containers.Definitions
                    ? $"Found '{file.Path}'; expected a definition named after its model, {file.Container}/{{model}}.yaml, where the model is {DefinitionParser.ModelNames}."
                    : $"Found '{file.Path}', which has no model's folder; expected {file.Container}/{{model}}/{{file}}, where the model is {DefinitionParser.ModelNames}.",
                remedy);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} could not be accepted; the next sweep tries again")]
    private partial void LogNotAccepted(string file, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Accepted {File}: run {Run}")]
    private partial void LogAccepted(string file, string run);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} went before it could be accepted")]
    private partial void LogGone(string file);
}
