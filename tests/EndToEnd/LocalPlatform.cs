using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Serverless.Local;
using Serverless.Local.Processes;
using Serverless.Local.Runs;

namespace Serverless.Tests.EndToEnd;

/// <summary>The platform as a user has it: a real Azurite and the real app as processes of their own, in a folder of their own.</summary>
public sealed class LocalPlatform : IAsyncDisposable
{
    /// <summary>The longest any single thing here may take; on a busy machine everything is slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("serverless-e2e-");
    private readonly Checkout checkout = Checkout.Find();
    private readonly HttpClient http = new();
    private AzuriteProcess? azurite;
    private AppProcess? app;

    /// <summary>The address of the app that runs now.</summary>
    public Uri Url => app?.Url ?? throw new InvalidOperationException("The app is not running.");

    public AppProcess App => app ?? throw new InvalidOperationException("The app is not running.");

    public Checkout Checkout => checkout;

    public string ConnectionString => azurite?.ConnectionString ?? throw new InvalidOperationException("Azurite is not running.");

    public static async Task<LocalPlatform> StartAsync(bool withApp = true)
    {
        var platform = new LocalPlatform();
        platform.azurite = await AzuriteProcess.StartAsync(
            new AzuriteOptions
            {
                Script = platform.checkout.AzuriteScript,
                DataFolder = platform.PathOf("azurite"),
                LogFile = platform.PathOf("azurite.log"),
                Ports = AzuritePorts.Any,
            },
            CancellationToken.None);
        if (withApp)
        {
            await platform.StartAppAsync();
        }

        return platform;
    }

    public async Task StartAppAsync(IReadOnlyDictionary<string, string>? environment = null) => app = await AppProcess.StartAsync(
        new AppOptions
        {
            Assembly = checkout.AppAssembly,
            ConnectionString = ConnectionString,
            StateFolder = PathOf("state"),
            LogFile = PathOf("app.log"),
            Port = 0,
            Environment = environment ?? new Dictionary<string, string>(),
        },
        CancellationToken.None);

    /// <summary>kill -9.</summary>
    public async Task KillAppAsync()
    {
        await App.KillAsync();
        await App.DisposeAsync();
        app = null;
    }

    public async Task StopAppAsync()
    {
        await App.DisposeAsync();
        app = null;
    }

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public string AppLog => File.ReadAllText(PathOf("app.log"));

    public BlobClient Blob(string path)
    {
        var parts = path.Split('/', 2);
        return new BlobServiceClient(ConnectionString).GetBlobContainerClient(parts[0]).GetBlobClient(parts[1]);
    }

    public QueueClient Queue(string name) =>
        new(ConnectionString, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>Drops a file, as any storage client would.</summary>
    public async Task DropAsync(string path, string content) => await DropAsync(path, Encoding.UTF8.GetBytes(content));

    public async Task DropAsync(string path, byte[] content)
    {
        var blob = Blob(path);
        await new BlobServiceClient(ConnectionString).GetBlobContainerClient(blob.BlobContainerName).CreateIfNotExistsAsync();
        await blob.UploadAsync(BinaryData.FromBytes(content), overwrite: true);
    }

    /// <summary>A blob's text, once it is there.</summary>
    public Task<string> WaitForTextAsync(string path) => WaitAsync(_ => TryGetTextAsync(path), $"{path} to appear");

    public async Task<string?> TryGetTextAsync(string path)
    {
        try
        {
            BlobDownloadResult content = await Blob(path).DownloadContentAsync();
            return content.Content.ToString();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    public async Task<byte[]> GetBytesAsync(string path) => (await Blob(path).DownloadContentAsync()).Value.Content.ToArray();

    /// <summary>The report on a refused file, once it is there.</summary>
    public async Task<JsonElement> WaitForReportAsync(string path) =>
        JsonSerializer.Deserialize<JsonElement>(await WaitForTextAsync($"quarantine/{path}.report.json"));

    /// <summary>The first run that fits, once it is over.</summary>
    public Task<RunView> WaitForRunAsync(string kind, string model, Func<RunView, bool>? fits = null) => WaitAsync(
        async token => (await TryListRunsAsync(token)).FirstOrDefault(r => r.Kind == kind && r.Model == model && r.IsOver && (fits?.Invoke(r) ?? true)),
        $"a {kind} run of {model} to be over");

    public Task<RunView> WaitForRunAsync(string id) => WaitAsync(
        async token => await GetRunAsync(id, token) is { IsOver: true } run ? run : null, $"run {id} to be over");

    /// <summary>Looks until there is a value; after <see cref="Patience"/> it fails with the end of the app's log.</summary>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T?>> probe, string awaited)
        where T : class
    {
        try
        {
            return await Poll.UntilAsync(probe, awaited, Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} The app's log ends with:\n{string.Join('\n', AppLog.Split('\n').TakeLast(60))}", late);
        }
    }

    public async Task<IReadOnlyList<RunView>> ListRunsAsync() => await TryListRunsAsync(CancellationToken.None);

    public async Task<HttpResponseMessage> GetAsync(string path) => await http.GetAsync(new Uri(Url, path));

    public async Task<HttpResponseMessage> PostAsync(string path, object body) => await http.PostAsJsonAsync(new Uri(Url, path), body);

    public async Task<HttpResponseMessage> PostTextAsync(string path, string body) =>
        await http.PostAsync(new Uri(Url, path), new StringContent(body, Encoding.UTF8, "application/json"));

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        if (azurite is not null)
        {
            await azurite.DisposeAsync();
        }

        http.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<IReadOnlyList<RunView>> TryListRunsAsync(CancellationToken cancellationToken) =>
        await new RunsClient(new HttpClient { BaseAddress = Url }).ListAsync(cancellationToken);

    private async Task<RunView?> GetRunAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri(Url, $"runs/{id}"), cancellationToken);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<RunView>(JsonSerializerOptions.Web, cancellationToken) : null;
    }
}
