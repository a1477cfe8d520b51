using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Serverless.Local;
using Serverless.Local.Runs;

namespace Serverless.Tests.EndToEnd;

/// <summary>A running platform as its users reach it: through its storage and over HTTP.</summary>
public abstract class PlatformUnderTest
{
    /// <summary>The longest any single thing here may take; on a busy machine everything is slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public Checkout Checkout { get; } = Checkout.Find();

    /// <summary>The address of the app that runs now.</summary>
    public abstract Uri Url { get; }

    public abstract string ConnectionString { get; }

    /// <summary>What the app logged last, for the messages of failures.</summary>
    protected abstract string EndOfLog { get; }

    protected HttpClient Http { get; } = new();

    public BlobClient Blob(string path)
    {
        var parts = path.Split('/', 2);
        return new BlobServiceClient(ConnectionString).GetBlobContainerClient(parts[0]).GetBlobClient(parts[1]);
    }

    public QueueClient Queue(string name) =>
        new(ConnectionString, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>Drops a file, as any storage client would.</summary>
    public async Task DropAsync(string path, string content) => await DropAsync(path, Encoding.UTF8.GetBytes(content));

    public async Task DropAsync(string path, byte[] content, IDictionary<string, string>? metadata = null)
    {
        var blob = Blob(path);
        await new BlobServiceClient(ConnectionString).GetBlobContainerClient(blob.BlobContainerName).CreateIfNotExistsAsync();
        await blob.UploadAsync(BinaryData.FromBytes(content), new BlobUploadOptions { Metadata = metadata });
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
            throw new TimeoutException($"{late.Message} The app's log ends with:\n{EndOfLog}", late);
        }
    }

    public async Task<IReadOnlyList<RunView>> ListRunsAsync() => await TryListRunsAsync(CancellationToken.None);

    public async Task<HttpResponseMessage> GetAsync(string path) => await Http.GetAsync(new Uri(Url, path));

    public async Task<HttpResponseMessage> PostAsync(string path, object body) => await Http.PostAsJsonAsync(new Uri(Url, path), body);

    public async Task<HttpResponseMessage> PostTextAsync(string path, string body) =>
        await Http.PostAsync(new Uri(Url, path), new StringContent(body, Encoding.UTF8, "application/json"));

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<IReadOnlyList<RunView>> TryListRunsAsync(CancellationToken cancellationToken) =>
        await new RunsClient(new HttpClient { BaseAddress = Url }).ListAsync(cancellationToken);

    private async Task<RunView?> GetRunAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(new Uri(Url, $"runs/{id}"), cancellationToken);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<RunView>(JsonSerializerOptions.Web, cancellationToken) : null;
    }
}
