using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Local;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration;

/// <summary>A real Azurite on free loopback ports, its data in a folder of its own; shared by the tests of a collection.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("azurite-");
    private AzuritePorts ports = AzuritePorts.Any;
    private AzuriteProcess? process;

    public string ConnectionString { get; private set; } = "";

    public BlobServiceClient Blobs => new(ConnectionString);

    /// <summary>Sends and receives base64, as functions expect.</summary>
    public QueueServiceClient Queues => new(ConnectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>The platform's storage in this account.</summary>
    public PlatformStorage Storage => new(Blobs, Queues);

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await Storage.EnsureCreatedAsync(CancellationToken.None);
    }

    /// <summary>Starts it, on the ports it had before if it was stopped.</summary>
    public async Task StartAsync()
    {
        process = await AzuriteProcess.StartAsync(
            new AzuriteOptions
            {
                Script = Checkout.Find().AzuriteScript,
                DataFolder = Path.Combine(folder.FullName, "data"),
                LogFile = Path.Combine(folder.FullName, "azurite.log"),
                Ports = ports,
            },
            CancellationToken.None);
        ports = process.Ports;
        ConnectionString = process.ConnectionString;
    }

    public async Task StopAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
            process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "Azurite";
}
