using Serverless.Platform.Datasets.Contracts;

namespace Serverless.Platform.Datasets.Profiles;

/// <summary>The documents of a dataset version, as they are written beside its rows.</summary>
internal static class DatasetFiles
{
    public static async Task WriteAsync(
        string folder,
        DatasetManifest manifest,
        DatasetProfile profile,
        DataContract contract,
        DatasetComparison? comparison,
        DateTimeOffset? at,
        CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, DatasetBuilder.ProfileFile), profile.ToJson(), cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, ContractStore.File), contract.ToJson(), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, DatasetBuilder.PageFile), ProfilePage.Render(manifest, profile, comparison, at), cancellationToken);
        if (comparison is not null)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, DatasetBuilder.ComparisonFile), DatasetJson.Write(comparison), cancellationToken);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, DatasetBuilder.ManifestFile), manifest.ToJson(), cancellationToken);
    }
}
