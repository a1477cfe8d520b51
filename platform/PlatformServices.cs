using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Retraining;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Platform;

/// <summary>Registers what the platform knows how to do, one concern each.</summary>
public static class PlatformServices
{
    /// <summary>The setting that names the storage account, the same that the Functions host itself uses.</summary>
    public const string StorageSetting = "AzureWebJobsStorage";

    /// <summary>Blobs and queues of the account in <see cref="StorageSetting"/>.</summary>
    /// <exception cref="InvalidOperationException">The setting is missing.</exception>
    public static IServiceCollection AddPlatformStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = configuration[StorageSetting];
        if (string.IsNullOrWhiteSpace(connection))
        {
            throw new InvalidOperationException(
                $"The setting {StorageSetting} is missing; expected the connection string of a storage account. "
                + "Copy local.settings.sample.json to local.settings.json, or set it in the environment.");
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new BlobServiceClient(connection, new BlobClientOptions { Retry = { MaxRetries = 4, Mode = RetryMode.Exponential } }));
        services.AddSingleton(new QueueServiceClient(
            connection, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64, Retry = { MaxRetries = 4, Mode = RetryMode.Exponential } }));
        services.AddSingleton<PlatformStorage>();
        services.AddSingleton<DropLedger>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<ScratchSpace>();
        services.AddSingleton<StorageReadiness>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageReadiness>());
        return services;
    }

    /// <summary>Definitions, and datasets made from dropped files.</summary>
    public static IServiceCollection AddDatasets(this IServiceCollection services) => services
        .AddSingleton<DefinitionStore>()
        .AddSingleton<ContractStore>()
        .AddSingleton<DatasetStore>()
        .AddSingleton<DatasetCurator>();

    /// <summary>Model versions and deployments.</summary>
    public static IServiceCollection AddModelRegistry(this IServiceCollection services) => services
        .AddSingleton<ModelRegistry>()
        .AddSingleton<ModelCard>()
        .AddSingleton<ModelCatalog>();

    /// <summary>Batch scoring of dropped files.</summary>
    public static IServiceCollection AddScoring(this IServiceCollection services) => services
        .AddSingleton<ModelSessions>()
        .AddSingleton<ScoringPlanner>()
        .AddSingleton<ScoringCopy>()
        .AddSingleton<ScoringQuarantine>()
        .AddSingleton<ChunkScorer>()
        .AddSingleton<ScoringPublisher>()
        .AddSingleton<ScoringWork>();

    /// <summary>Retraining by the definitions' own schedules.</summary>
    public static IServiceCollection AddRetraining(this IServiceCollection services) => services
        .AddSingleton<RetrainingSchedule>();
}
