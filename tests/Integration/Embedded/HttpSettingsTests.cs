using System.Net;

namespace Serverless.Tests.Integration.Embedded;

public sealed class HttpSettingsTests
{
    private const string Http = "AzureFunctionsJobHost:extensions:http";

    [Fact]
    public async Task MaxOutstandingRequests_Reached_Answers429ToMoreAndLetsTheHostsOwnAddressesIn()
    {
        var release = new TaskCompletionSource();
        var journal = new Journal { Act = (_, cancellationToken) => release.Task.WaitAsync(cancellationToken) };
        await using var app = await TestApp.StartAsync(null, ["Waiting"], new() { [$"{Http}:maxOutstandingRequests"] = "1" }, journal: journal);

        var first = app.Http.GetAsync("/api/wait/1");
        await Poll.UntilTrueAsync(() => journal.Count("1") == 1, "the first request is served");
        var refused = await app.Http.GetAsync("/api/wait/2");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("X-FUNCTION-SCALEOUT").Single());
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/admin/host/ping")).StatusCode);
        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/api/wait/3")).StatusCode);
    }

    [Fact]
    public async Task MaxConcurrentRequests_Reached_LetsMoreWait()
    {
        var (running, most) = (0, 0);
        var journal = new Journal
        {
            Act = async (_, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Delay(20, CancellationToken.None);
                Interlocked.Decrement(ref running);
            },
        };
        await using var app = await TestApp.StartAsync(null, ["Waiting"], new() { [$"{Http}:maxConcurrentRequests"] = "1" }, journal: journal);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(id => app.Http.GetAsync($"/api/wait/{id}")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task RequestAborted_WhileTheFunctionRuns_FiresItsToken()
    {
        var fired = new TaskCompletionSource();
        var journal = new Journal
        {
            Act = async (_, cancellationToken) =>
            {
                await using var registration = cancellationToken.Register(fired.SetResult);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            },
        };
        await using var app = await TestApp.StartAsync(null, ["Waiting"], journal: journal);
        using var abort = new CancellationTokenSource();

        var request = app.Http.GetAsync("/api/wait/1", abort.Token);
        await Poll.UntilTrueAsync(() => journal.Count("1") == 1, "the request is served");
        await abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await fired.Task.WaitAsync(Poll.DefaultDeadline);
    }

    [Fact]
    public async Task CustomHeaders_OfHostJson_GoAlongUnlessTheFunctionSetsThem()
    {
        await using var app = await TestApp.StartAsync(null, ["Hello"], new() { [$"{Http}:customHeaders:X-Content-Type-Options"] = "nosniff", [$"{Http}:customHeaders:Content-Type"] = "x/y" });

        var answer = await app.Http.GetAsync("/api/hello");

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Cors_OfLocalSettings_AnswersPreflightsOfTheOriginsNamed()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(directory, "local.settings.json"), """{ "Values": {}, "Host": { "CORS": "https://a.example,https://b.example", "CORSCredentials": true } }""");
        await using (var app = await TestApp.StartAsync(null, ["Hello"], directory: directory))
        {
            var allowed = await PreflightAsync(app, "https://b.example");
            var other = await PreflightAsync(app, "https://c.example");

            Assert.Equal("https://b.example", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Equal("true", allowed.Headers.GetValues("Access-Control-Allow-Credentials").Single());
            Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
        }

        Directory.Delete(directory, recursive: true);
    }

    private static async Task<HttpResponseMessage> PreflightAsync(TestApp app, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/hello") { Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "GET" } } };
        return await app.Http.SendAsync(request);
    }
}
