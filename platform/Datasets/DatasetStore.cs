using System.Text;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>The version that a model learns from unless it is told otherwise: <c>datasets/{model}/latest.json</c>.</summary>
/// <param name="Version">The dataset version.</param>
/// <param name="At">Since when, UTC.</param>
public sealed record LatestDataset(string Version, DateTimeOffset At);

/// <param name="Version">The dataset version.</param>
/// <param name="At">When it was made, UTC.</param>
public sealed record MadeDataset(string Version, DateTimeOffset At);

/// <summary>The dataset versions of each model. A version is named by its content, so what stands under one name never changes.</summary>
public sealed class DatasetStore(PlatformStorage storage, ScratchSpace scratch, TimeProvider time)
{
    /// <summary>Metadata of a manifest: the run that made the version.</summary>
    private const string CreatedByKey = "createdby";

    /// <summary>
    /// How many versions' rows are kept on local disk: more than activities run side by side (host.json), so that one that is about to be read is
    /// never the longest unused.
    /// </summary>
    private const int MostKept = 32;

    private readonly SemaphoreSlim downloading = new(1);

    /// <summary>The latest version; null for a model without any.</summary>
    public async Task<string?> ReadLatestVersionAsync(string model, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<LatestDataset>(Containers.Datasets, LatestName(model), cancellationToken))?.Value.Version;

    /// <summary>Makes a version the latest.</summary>
    public Task SetLatestVersionAsync(string model, string version, CancellationToken cancellationToken) =>
        storage.WriteAsync(Containers.Datasets, LatestName(model), new LatestDataset(version, time.GetUtcNow()), cancellationToken);

    /// <summary>What a version is made of; null when there is no such version.</summary>
    public async Task<DatasetManifest?> ReadManifestAsync(string model, string version, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<DatasetManifest>(Containers.Datasets, Name(model, version, DatasetBuilder.ManifestFile), cancellationToken))?.Value;

    /// <summary>The versions of a model, newest first.</summary>
    public async Task<IReadOnlyList<MadeDataset>> ListVersionsAsync(string model, CancellationToken cancellationToken)
    {
        var made = new List<MadeDataset>();
        await foreach (var blob in storage.Container(Containers.Datasets).GetBlobsAsync(prefix: $"{model}/", cancellationToken: cancellationToken))
        {
            // A manifest is written once, and last: its blob is as old as the version.
            if (blob.Name.Split('/') is [_, var version, DatasetBuilder.ManifestFile])
            {
                made.Add(new MadeDataset(version, blob.Properties.CreatedOn ?? blob.Properties.LastModified.GetValueOrDefault()));
            }
        }

        return [.. made.OrderByDescending(m => m.At).ThenBy(m => m.Version, StringComparer.Ordinal)];
    }

    /// <summary>A document or page of a version as text; null when there is none.</summary>
    public async Task<string?> ReadTextAsync(string model, string version, string file, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadResult content = await storage.Blob(Containers.Datasets, Name(model, version, file)).DownloadContentAsync(cancellationToken);
            return content.Content.ToString();
        }
        catch (Azure.RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>How the values of the latest version are distributed; null for a model without any.</summary>
    public async Task<DatasetProfile?> ReadLatestProfileAsync(string model, CancellationToken cancellationToken) =>
        await ReadLatestVersionAsync(model, cancellationToken) is { } version
        && await ReadTextAsync(model, version, DatasetBuilder.ProfileFile, cancellationToken) is { } profile
            ? DatasetProfile.FromJson(Encoding.UTF8.GetBytes(profile))
            : null;

    /// <summary>Saves a version that was built in a local folder.</summary>
    /// <returns>True when <paramref name="run"/> is the one that made the version, now or in an attempt that was cut short.</returns>
    /// <remarks>The manifest goes last, and once: a version that has one is whole.</remarks>
    public async Task<bool> SaveAsync(string model, string version, string folder, string run, CancellationToken cancellationToken)
    {
        if (await ReadCreatorAsync(model, version, cancellationToken) is { } creator)
        {
            return creator == run;
        }

        foreach (var file in new DirectoryInfo(folder).GetFiles().Where(f => f.Name != DatasetBuilder.ManifestFile))
        {
            await storage.Blob(Containers.Datasets, Name(model, version, file.Name)).UploadAsync(
                file.FullName,
                file.Extension == ".html" ? new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/html; charset=utf-8" } } : null,
                cancellationToken);
        }

        try
        {
            await storage.Blob(Containers.Datasets, Name(model, version, DatasetBuilder.ManifestFile)).UploadAsync(
                Path.Combine(folder, DatasetBuilder.ManifestFile),
                new BlobUploadOptions
                {
                    Conditions = new BlobRequestConditions { IfNoneMatch = Azure.ETag.All },
                    Metadata = new Dictionary<string, string> { [CreatedByKey] = run },
                },
                cancellationToken);
            return true;
        }
        catch (Azure.RequestFailedException exists) when (exists.Status is 409 or 412)
        {
            return await ReadCreatorAsync(model, version, cancellationToken) == run;
        }
    }

    /// <summary>The rows of a version, in an order that is always the same.</summary>
    /// <exception cref="InvalidDataException">There is no such version.</exception>
    public async Task<LabeledTable> ReadAsync(string model, string version, DataSplit split, CancellationToken cancellationToken) =>
        await ReadAsync(await RequireManifestAsync(model, version, cancellationToken), split, cancellationToken);

    /// <summary>The rows of a version with so many of its columns as the manifest names.</summary>
    /// <param name="manifest">The version's manifest; features and sensitive columns may be left out of it.</param>
    /// <param name="split">The part.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<LabeledTable> ReadAsync(DatasetManifest manifest, DataSplit split, CancellationToken cancellationToken)
    {
        var path = await FetchDataAsync(manifest.Model, manifest.Version, cancellationToken);
        return DatasetReader.Read(path, manifest, split, cancellationToken);
    }

    /// <summary>What a version is made of.</summary>
    /// <exception cref="InvalidDataException">There is no such version.</exception>
    public async Task<DatasetManifest> RequireManifestAsync(string model, string version, CancellationToken cancellationToken) =>
        await ReadManifestAsync(model, version, cancellationToken)
        ?? throw new InvalidDataException($"datasets/{model}/{version}/{DatasetBuilder.ManifestFile} is missing; the version was deleted or never made. Drop the training data again.");

    /// <summary>Brings a version's rows onto local disk, once: trials side by side read the same file.</summary>
    private async Task<string> FetchDataAsync(string model, string version, CancellationToken cancellationToken)
    {
        var path = Path.Combine(scratch.Root, $"{model}-{version}.parquet");
        await downloading.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(path))
            {
                var partial = path + ".partial";
                await storage.Blob(Containers.Datasets, Name(model, version, DatasetBuilder.DataFile)).DownloadToAsync(partial, cancellationToken);
                File.Move(partial, path);
                DropOldest(path);
            }

            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }
        finally
        {
            downloading.Release();
        }

        return path;
    }

    /// <summary>Keeps the disk bounded. A file that is being read stays readable to its reader.</summary>
    private void DropOldest(string latest)
    {
        foreach (var old in new DirectoryInfo(scratch.Root).GetFiles("*.parquet")
            .Where(file => file.FullName != latest)
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .Skip(MostKept - 1))
        {
            old.Delete();
        }
    }

    private async Task<string?> ReadCreatorAsync(string model, string version, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties manifest = await storage.Blob(Containers.Datasets, Name(model, version, DatasetBuilder.ManifestFile))
                .GetPropertiesAsync(cancellationToken: cancellationToken);
            return manifest.Metadata.TryGetValue(CreatedByKey, out var run) ? run : "";
        }
        catch (Azure.RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    private static string Name(string model, string version, string file) => $"{model}/{version}/{file}";

    private static string LatestName(string model) => $"{model}/latest.json";
}
