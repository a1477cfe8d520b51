using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Local;
using Serverless.Local.Demo;
using Serverless.Local.Processes;
using Serverless.Local.Runs;

namespace Serverless.Tests.Benchmarks;

/// <summary>A real Azurite and the real app as processes of their own, on free ports, in a folder that is deleted at the end.</summary>
internal sealed class BenchmarkPlatform : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RunInterval = TimeSpan.FromMilliseconds(250);

    // The result is looked for often, since a look's interval is the error of the figure; one look is a single request to Azurite.
    private static readonly TimeSpan BlobInterval = TimeSpan.FromMilliseconds(25);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("serverless-bench-");
    private readonly Checkout checkout = Checkout.Find();
    private AzuriteProcess? azurite;
    private AppProcess? app;
    private HttpClient? http;

    private BenchmarkPlatform()
    {
    }

    public Checkout Checkout => checkout;

    public string ConnectionString => azurite?.ConnectionString ?? throw new InvalidOperationException("Azurite is not running.");

    private RunsClient Runs => new(http ?? throw new InvalidOperationException("The app is not running."));

    public static async Task<BenchmarkPlatform> StartAsync(bool withApp, CancellationToken cancellationToken)
    {
        var platform = new BenchmarkPlatform();
        try
        {
            platform.azurite = await AzuriteProcess.StartAsync(
                new AzuriteOptions
                {
                    Script = platform.checkout.AzuriteScript,
                    DataFolder = platform.PathOf("azurite"),
                    LogFile = platform.PathOf("azurite.log"),
                    Ports = AzuritePorts.Any,
                },
                cancellationToken);
            if (withApp)
            {
                platform.app = await AppProcess.StartAsync(platform.AppOptions("state"), cancellationToken);
                platform.http = new HttpClient { BaseAddress = platform.app.Url };
            }

            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>How the app is started here.</summary>
    /// <param name="state">The name of the folder for its durable state.</param>
    public AppOptions AppOptions(string state) => new()
    {
        Assembly = checkout.AppAssembly,
        ConnectionString = ConnectionString,
        StateFolder = PathOf(state),
        LogFile = PathOf("app.log"),
        Port = 0,
    };

    public BlobClient Blob(string path)
    {
        var parts = path.Split('/', 2);
        return new BlobServiceClient(ConnectionString).GetBlobContainerClient(parts[0]).GetBlobClient(parts[1]);
    }

    /// <summary>Drops a file, as any storage client would.</summary>
    public Task DropAsync(string path, byte[] content, CancellationToken cancellationToken) =>
        Blob(path).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancellationToken);

    /// <summary>Drops the sample's definition and rows under a model's name; returns the training run once it is over.</summary>
    /// <exception cref="BenchmarkFailedException">No deployed model came of it.</exception>
    public async Task<RunView> DeployAsync(string model, CreditRiskSample sample, CancellationToken cancellationToken)
    {
        var definition = await File.ReadAllTextAsync(sample.DefinitionFile, cancellationToken);
        return await DeployAsync(
            model, definition.Replace($"model: {CreditRiskSample.Model}", $"model: {model}", StringComparison.Ordinal), sample.TrainingFile, cancellationToken);
    }

    /// <summary>Drops a definition and a file of rows; returns the training run once it is over.</summary>
    /// <exception cref="BenchmarkFailedException">No deployed model came of it.</exception>
    public async Task<RunView> DeployAsync(string model, string definition, string trainingFile, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetUtcNow();
        await DropAsync($"definitions/{model}.yaml", System.Text.Encoding.UTF8.GetBytes(definition), cancellationToken);
        await DropAsync(
            $"training-data/{model}/{Path.GetFileName(trainingFile)}", await File.ReadAllBytesAsync(trainingFile, cancellationToken), cancellationToken);
        return await WaitForRunAsync("TrainModel", model, since, "deployed", cancellationToken);
    }

    /// <summary>The run of a kind for a model that was asked for at <paramref name="since"/> or later, once it is over.</summary>
    /// <exception cref="BenchmarkFailedException">It ended in another way than expected.</exception>
    public async Task<RunView> WaitForRunAsync(string kind, string model, DateTimeOffset since, string outcome, CancellationToken cancellationToken)
    {
        var run = await Poll.UntilAsync(
            async token => (await Runs.ListAsync(token)).FirstOrDefault(r => r.Kind == kind && r.Model == model && r.CreatedAt >= since && r.IsOver),
            $"a {kind} run of {model} to be over",
            Deadline,
            RunInterval,
            cancellationToken);
        return run.Outcome == outcome
            ? run
            : throw new BenchmarkFailedException(
                $"{kind} of {model} (run {run.Id}) ended {run.State} with the outcome '{run.Outcome ?? "none"}'; '{outcome}' was expected. {run.Failure?.Message}");
    }

    /// <summary>Returns as soon as a blob is there, or throws what <paramref name="run"/>, which is to make it, throws.</summary>
    public Task WaitForBlobAsync(string path, Task run, CancellationToken cancellationToken)
    {
        var blob = Blob(path);
        return Poll.UntilAsync(
            async token =>
            {
                if (run.IsFaulted)
                {
                    await run;
                }

                return await FindAsync(blob, token);
            },
            $"{path} to appear",
            Deadline,
            BlobInterval,
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // The app first: while it drains it still writes to Azurite.
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        if (azurite is not null)
        {
            await azurite.DisposeAsync();
        }

        http?.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task<BlobProperties?> FindAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }
}
