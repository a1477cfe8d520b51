using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment;

/// <summary>
/// The versions of each model, and which of them serves. A version is immutable: each of its files is written once. The deployment is changed
/// only by ETag, and each revision of it is kept.
/// </summary>
public sealed class ModelRegistry(PlatformStorage storage, TimeProvider time)
{
    public const string OnnxFile = "model.onnx";
    public const string BoosterFile = "model.ubj";
    public const string LinearFile = "linear.ubj";
    public const string SignatureFile = "signature.json";
    public const string ParityFile = "parity.json";
    public const string TrialsFile = "trials.json";
    public const string TrialTimesFile = "trial-times.json";
    public const string MetricsFile = "metrics.json";
    public const string FairnessFile = "fairness.json";
    public const string ImportanceFile = "importance.json";
    public const string LeakageFile = "leakage.json";
    public const string LineageFile = "lineage.json";
    public const string DecisionFile = "decision.json";
    public const string CardFile = "card.md";
    public const string CardPageFile = "card.html";

    /// <summary>The card as it was put before the approvers, beside that with their decision.</summary>
    public const string ApprovalCardFile = "card-for-approval.md";
    public const string ApprovalCardPageFile = "card-for-approval.html";

    /// <summary>The report on a champion that a candidate was compared with, in the candidate's folder.</summary>
    public static string ChampionMetricsFile(int champion) => string.Create(CultureInfo.InvariantCulture, $"champion-{champion}-metrics.json");

    /// <summary>How a candidate differs from that champion on the same rows, in the candidate's folder.</summary>
    public static string ComparisonFile(int champion) => string.Create(CultureInfo.InvariantCulture, $"champion-{champion}-comparison.json");

    /// <summary>The path of a version's file inside the models container.</summary>
    public static string VersionFile(string model, int version, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"{model}/versions/{version}/{file}");

    /// <summary>The names of all models that have a version, in order.</summary>
    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken)
    {
        var models = new List<string>();
        await foreach (var item in storage.Container(Containers.Models).GetBlobsByHierarchyAsync(delimiter: "/", cancellationToken: cancellationToken))
        {
            if (item.IsPrefix)
            {
                models.Add(item.Prefix.TrimEnd('/'));
            }
        }

        return models;
    }

    /// <summary>The versions of a model, lowest first; empty for a model that has none.</summary>
    public async Task<IReadOnlyList<int>> ListVersionsAsync(string model, CancellationToken cancellationToken)
    {
        var versions = new List<int>();
        var prefix = $"{model}/versions/";
        await foreach (var item in storage.Container(Containers.Models)
            .GetBlobsByHierarchyAsync(delimiter: "/", prefix: prefix, cancellationToken: cancellationToken))
        {
            if (item.IsPrefix && int.TryParse(item.Prefix.AsSpan(prefix.Length).TrimEnd('/'), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            {
                versions.Add(n);
            }
        }

        versions.Sort();
        return versions;
    }

    /// <summary>Takes the next free version number for a run, or finds the one that the run took before.</summary>
    /// <remarks>Idempotency key: the lineage's run. Of two runs that reach for one number at once, one takes it and the other the next.</remarks>
    public async Task<int> ReserveVersionAsync(string model, ModelLineage lineage, CancellationToken cancellationToken)
    {
        var versions = await ListVersionsAsync(model, cancellationToken);
        foreach (var taken in versions.Reverse())
        {
            if ((await ReadLineageAsync(model, taken, cancellationToken))?.Run == lineage.Run)
            {
                return taken;
            }
        }

        var next = versions.Count == 0 ? 1 : versions[^1] + 1;
        while (!await storage.TryCreateAsync(Containers.Models, VersionFile(model, next, LineageFile), lineage, cancellationToken))
        {
            next++;
        }

        return next;
    }

    /// <summary>Writes what a training run made into its version.</summary>
    /// <remarks>Idempotent: training is deterministic, and a file that stands already is left as it is.</remarks>
    public async Task SaveAsync(string model, int version, TrainedModel trained, ParityReport parity, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            TryUploadAsync(VersionFile(model, version, BoosterFile), trained.Learner.Booster, cancellationToken),
            trained.Learner.Linear is { } linear ? TryUploadAsync(VersionFile(model, version, LinearFile), linear, cancellationToken) : Task.CompletedTask,
            TryUploadAsync(VersionFile(model, version, OnnxFile), trained.Onnx, cancellationToken),
            TryWriteAsync(model, version, ParityFile, parity, cancellationToken));

        // The last, so that a version that has it is whole.
        await TryWriteAsync(model, version, SignatureFile, trained.Signature, cancellationToken);
    }

    /// <summary>Adds a document to a version. Returns false, changing nothing, if the version has it already.</summary>
    public Task<bool> TryWriteAsync<T>(string model, int version, string file, T document, CancellationToken cancellationToken) =>
        storage.TryCreateAsync(Containers.Models, VersionFile(model, version, file), document, cancellationToken);

    /// <summary>A document of a version; null when the version has none of that name.</summary>
    public async Task<T?> ReadVersionFileAsync<T>(string model, int version, string file, CancellationToken cancellationToken)
        where T : class =>
        (await storage.ReadAsync<T>(Containers.Models, VersionFile(model, version, file), cancellationToken))?.Value;

    public Task<ModelLineage?> ReadLineageAsync(string model, int version, CancellationToken cancellationToken) =>
        ReadVersionFileAsync<ModelLineage>(model, version, LineageFile, cancellationToken);

    /// <summary>A version's learner.</summary>
    /// <exception cref="InvalidDataException">A file of it is missing.</exception>
    public async Task<LearnerFiles> DownloadLearnerAsync(string model, int version, ModelSignature signature, CancellationToken cancellationToken) => new(
        await DownloadAsync(model, version, BoosterFile, cancellationToken),
        signature.Learner == LearnerKind.Mixed ? await DownloadAsync(model, version, LinearFile, cancellationToken) : null);

    /// <summary>A version's binary file.</summary>
    /// <exception cref="InvalidDataException">The version has none of that name.</exception>
    public async Task<byte[]> DownloadAsync(string model, int version, string file, CancellationToken cancellationToken)
    {
        try
        {
            var content = await storage.Blob(Containers.Models, VersionFile(model, version, file)).DownloadContentAsync(cancellationToken);
            return content.Value.Content.ToArray();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw new InvalidDataException($"Version {version} of '{model}' has no {file}; it must have been deleted. Restore it, or train and deploy another version.", missing);
        }
    }

    /// <summary>Adds a text file to a version, if it has none of that name.</summary>
    public Task TryWriteTextAsync(string model, int version, string file, string text, CancellationToken cancellationToken) =>
        TryUploadAsync(VersionFile(model, version, file), System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>Writes a text file of a version, over the one of that name.</summary>
    public Task WriteTextAsync(string model, int version, string file, string text, CancellationToken cancellationToken) =>
        storage.Blob(Containers.Models, VersionFile(model, version, file)).UploadAsync(BinaryData.FromString(text), overwrite: true, cancellationToken);

    /// <summary>A version's text file; null when it has none of that name.</summary>
    public async Task<string?> FindTextAsync(string model, int version, string file, CancellationToken cancellationToken)
    {
        try
        {
            return (await storage.Blob(Containers.Models, VersionFile(model, version, file)).DownloadContentAsync(cancellationToken)).Value.Content.ToString();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Which version serves; null before the first deployment.</summary>
    public Task<StoredDocument<ModelDeployment>?> ReadDeploymentAsync(string model, CancellationToken cancellationToken) =>
        storage.ReadAsync<ModelDeployment>(Containers.Models, DeploymentName(model), cancellationToken);

    /// <summary>Each deployment a model has had, oldest first.</summary>
    public async Task<IReadOnlyList<ModelDeployment>> ReadHistoryAsync(string model, CancellationToken cancellationToken)
    {
        var history = new List<ModelDeployment>();
        foreach (var name in await storage.ListAsync(Containers.Models, $"{model}/deployments/", cancellationToken))
        {
            if (await storage.ReadAsync<ModelDeployment>(Containers.Models, name, cancellationToken) is { } revision)
            {
                history.Add(revision.Value);
            }
        }

        return history;
    }

    /// <summary>Makes a version the champion, if the deployment it was judged against still stands.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">The version that is to serve.</param>
    /// <param name="run">The run that deploys.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="reason">Why.</param>
    /// <param name="judgedAgainst">The deployment's revision when the version was compared with its champion, 0 for none; null where the gate has no rule for it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The deployment; null when another version was deployed since the comparison.</returns>
    /// <remarks>Idempotency key: the run; a run deploys once, and repeating it later changes nothing.</remarks>
    public async Task<ModelDeployment?> DeployAsync(
        string model, int version, string run, string by, string reason, int? judgedAgainst, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = await ReadDeploymentAsync(model, cancellationToken);
            if (current is not null)
            {
                // The process may have been killed between a change and the keeping of it.
                await KeepRevisionAsync(model, current.Value, cancellationToken);
                if ((await ReadHistoryAsync(model, cancellationToken)).FirstOrDefault(d => d.Run == run) is { } earlier)
                {
                    return earlier;
                }
            }

            if (judgedAgainst is { } revision && revision != (current?.Value.Revision ?? 0))
            {
                return null;
            }

            var next = new ModelDeployment((current?.Value.Revision ?? 0) + 1, version, current?.Value.Champion, run, by, reason, time.GetUtcNow());
            var changed = current is null
                ? await storage.TryCreateAsync(Containers.Models, DeploymentName(model), next, cancellationToken)
                : await storage.TryReplaceAsync(Containers.Models, DeploymentName(model), next, current.ETag, cancellationToken);
            if (changed)
            {
                await KeepRevisionAsync(model, next, cancellationToken);
                return next;
            }
        }
    }

    private Task KeepRevisionAsync(string model, ModelDeployment deployment, CancellationToken cancellationToken) =>
        storage.TryCreateAsync(
            Containers.Models,
            string.Create(CultureInfo.InvariantCulture, $"{model}/deployments/{deployment.Revision:D6}.json"),
            deployment,
            cancellationToken);

    private async Task TryUploadAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        BlobClient blob = storage.Blob(Containers.Models, name);
        try
        {
            await blob.UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellationToken);
        }
        catch (RequestFailedException exists) when (exists.Status is 409 or 412)
        {
            // Written by an earlier attempt of the same run.
            return;
        }
    }

    private static string DeploymentName(string model) => $"{model}/deployment.json";
}
