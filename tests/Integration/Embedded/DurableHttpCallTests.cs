using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>CallHttpAsync against a real server.</summary>
public sealed class DurableHttpCallTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly WebApplication _server;
    private int _countdown;

    public DurableHttpCallTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.MapPost("/echo", async (HttpContext http) =>
        {
            using var body = new StreamReader(http.Request.Body);
            _requests.Enqueue($"{await body.ReadToEndAsync()} {http.Request.ContentType} {http.Request.Headers["x-secret"]}");
            http.Response.Headers["x-answer"] = "yes";
            http.Response.StatusCode = 418;
            await http.Response.WriteAsync("short and stout");
        });
        _server.MapPost("/jobs", (HttpContext http) => Accepted(http, "/jobs/1?key=k"));
        _server.MapGet("/jobs/1", (HttpContext http) => Interlocked.Decrement(ref _countdown) >= 0 ? Accepted(http, http.Request.Path + "?key=k") : Results.Text("done " + http.Request.QueryString));
        _server.MapPost("/flaky", () => Interlocked.Decrement(ref _countdown) >= 0 ? Results.StatusCode(503) : Results.Text("at last"));
        _server.MapPost("/slow", async (HttpContext http) => await Task.Delay(Timeout.Infinite, http.RequestAborted));
    }

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task CallHttpAsync_AnyStatus_GivesTheAnswerAndLogsNoSecret()
    {
        await using var app = await StartAsync();

        Assert.Equal("\"418 short and stout yes\"", await OutputAsync(app, new FetchOrder(Address("/echo"))));
        Assert.Equal("""{"n":1} application/json s3cret""", Assert.Single(_requests));
        Assert.DoesNotContain(app.Log, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "\"200 done ?key=k \"")]
    [InlineData(false, "\"202 ")]
    public async Task CallHttpAsync_Accepted_IsPolledIfAskedFor(bool polls, string expected)
    {
        _countdown = 2;
        await using var app = await StartAsync();

        Assert.StartsWith(expected, await OutputAsync(app, new FetchOrder(Address("/jobs"), Polls: polls)), StringComparison.Ordinal);
        Assert.Equal(polls ? -1 : 2, _countdown);
    }

    [Theory]
    [InlineData(3, "\"200 at last \"")]
    [InlineData(2, "\"Microsoft.DurableTask.TaskFailedException: Task 'BuiltIn::HttpActivity' (#2) failed with an unhandled exception: Status code ServiceUnavailable received, retry requested.\"")]
    [InlineData(0, "\"503  \"")]
    public async Task CallHttpAsync_StatusToRetry_IsTriedAgainAsOftenAsAllowed(int attempts, string expected)
    {
        _countdown = 2;
        await using var app = await StartAsync();

        Assert.Equal(expected, await OutputAsync(app, new FetchOrder(Address("/flaky"), Attempts: attempts)));
    }

    [Fact]
    public async Task CallHttpAsync_NoAnswerInTime_Fails()
    {
        await using var app = await StartAsync();

        Assert.Contains("Reached user specified timeout: 00:00:00.2", await OutputAsync(app, new FetchOrder(Address("/slow"), Timeout: TimeSpan.FromSeconds(0.2))), StringComparison.Ordinal);
    }

    private static IResult Accepted(HttpContext http, string location)
    {
        http.Response.Headers.Location = location;
        http.Response.Headers.RetryAfter = "0";
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(null, ["Fetch"]);

    private static async Task<string> OutputAsync(TestApp app, FetchOrder order)
    {
        var answer = await app.Http.PostAsJsonAsync("/runtime/webhooks/durabletask/orchestrators/Fetch?timeout=30&pollingInterval=1", order);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (body.ValueKind == JsonValueKind.Object ? body.GetProperty("output") : body).GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal);
    }

    private Uri Address(string path) => new(new Uri(_server.Urls.First()), path);
}
