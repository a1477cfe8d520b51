using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>The durable HTTP API; what is expected is what the genuine host's code answers.</summary>
public sealed class DurableManagementTests
{
    private const string Base = "/runtime/webhooks/durabletask";
    private static readonly string[] All = ["Tell", "Listen", "Utter", "Approve", "Note", "Fail"];

    [Fact]
    public async Task Start_OrchestratorWithInput_AnswersTheManagementLinks()
    {
        await using var app = await TestApp.StartAsync(null, All);

        var answer = await PostAsync(app, $"{Base}/orchestrators/Approve/a%20b?taskHub=testhubname&connection=Other&code=k%2By", "");
        var links = await answer.Content.ReadFromJsonAsync<JsonElement>();

        var instance = $"{app.Http.BaseAddress}runtime/webhooks/durabletask/instances/a+b";
        const string query = "taskHub=TestHubName&connection=Other";
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
        Assert.Equal($"{instance}?{query}", answer.Headers.Location?.OriginalString);
        var expected = new Dictionary<string, string>
        {
            ["id"] = "a b",
            ["statusQueryGetUri"] = $"{instance}?{query}",
            ["sendEventPostUri"] = $"{instance}/raiseEvent/{{eventName}}?{query}",
            ["terminatePostUri"] = $"{instance}/terminate?reason={{text}}&{query}",
            ["purgeHistoryDeleteUri"] = $"{instance}?{query}",
            ["restartPostUri"] = $"{instance}/restart?{query}",
            ["suspendPostUri"] = $"{instance}/suspend?reason={{text}}&{query}",
            ["resumePostUri"] = $"{instance}/resume?reason={{text}}&{query}",
        };
        Assert.Equal(expected, links.Deserialize<Dictionary<string, string>>());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"{Base}/instances/a%20b?taskHub=Another")).StatusCode);
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), ((await app.Http.GetAsync(answer.Headers.Location)).StatusCode, (await app.Http.GetAsync($"{Base}/instances/a%20b")).StatusCode));
    }

    [Fact]
    public async Task Start_WaitingForTheEnd_AnswersTheOutputTheFailureOrTheLinks()
    {
        await using var app = await TestApp.StartAsync(null, All);
        const string wait = "timeout=20&pollingInterval=1";

        var failed = await PostAsync(app, $"{Base}/orchestrators/fail?{wait}&returnInternalServerErrorOnFailure=true", "");
        var waiting = await PostAsync(app, $"{Base}/orchestrators/Listen/l1?timeout=0.1&pollingInterval=0.1", "");
        var heard = PostAsync(app, $"{Base}/orchestrators/Listen/l2?{wait}", "");
        await Poll.UntilTrueAsync(async () => (await app.Http.GetAsync($"{Base}/instances/l2")).IsSuccessStatusCode, "the instance is there");
        await PostAsync(app, $"{Base}/instances/l2/raiseEvent/HEARD", "\"a pin\"");

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal("Failed", (await failed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("runtimeStatus").GetString());
        Assert.Equal(HttpStatusCode.Accepted, waiting.StatusCode);
        Assert.Equal((HttpStatusCode.OK, "\"a pin\""), ((await heard).StatusCode, await (await heard).Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Start_Wrong_IsRefusedWithTheReason()
    {
        await using var app = await TestApp.StartAsync(null, All);
        await PostAsync(app, $"{Base}/orchestrators/Listen/l1", "");

        await AssertErrorAsync(await PostAsync(app, $"{Base}/orchestrators/Listen", "{"), 400, "Invalid JSON content", null);
        await AssertErrorAsync(await PostAsync(app, $"{Base}/orchestrators/Nobody", ""), 400, "One or more of the arguments submitted is incorrect", "'Nobody' does not exist");
        await AssertErrorAsync(await PostAsync(app, $"{Base}/orchestrators/Listen/@e", ""), 400, "One or more of the arguments submitted is incorrect", "'@'");
        await AssertErrorAsync(await PostAsync(app, $"{Base}/orchestrators/Listen/l1", ""), 500, "Something went wrong while processing your request", "'l1' exists");
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"{Base}/orchestrators/Listen")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.PutAsync($"{Base}/instances/l1", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"{Base}/elsewhere")).StatusCode);
    }

    [Fact]
    public async Task Status_WithHistory_TellsEachTaskOnceWithItsAnswer()
    {
        await using var app = await TestApp.StartAsync(null, All);
        await PostAsync(app, $"{Base}/orchestrators/Tell/t1", "\"hello\"");
        await Poll.UntilTrueAsync(async () => (await HistoryAsync(app, "")).Contains("SubOrchestrationInstanceCreated"), "the sub-orchestration is called");
        var pending = await HistoryAsync(app, "");
        await PostAsync(app, $"{Base}/instances/t1-sub/raiseEvent/Heard", "\" world\"");
        await Poll.UntilTrueAsync(async () => (await app.Http.GetAsync($"{Base}/instances/t1")).StatusCode == HttpStatusCode.OK, "it is complete");

        Assert.Equal("ExecutionStarted TimerCreated TimerFired TaskCompleted SubOrchestrationInstanceCreated", pending);
        Assert.Equal("ExecutionStarted TimerCreated TimerFired TaskCompleted SubOrchestrationInstanceCompleted ExecutionCompleted", await HistoryAsync(app, ""));
        var events = (await app.Http.GetFromJsonAsync<JsonElement>($"{Base}/instances/t1?showHistory=true&showHistoryOutput=true")).GetProperty("historyEvents");
        Assert.Equal(("Tell", "\"hello\""), (events[0].GetProperty("FunctionName").GetString(), events[0].GetProperty("Input").GetString()));
        Assert.Equal(["EventType", "Result", "ScheduledTime", "FunctionName", "Timestamp"], events[3].EnumerateObject().Select(member => member.Name));
        Assert.Equal(("Utter", "hello!"), (events[3].GetProperty("FunctionName").GetString(), events[3].GetProperty("Result").GetString()));
        Assert.Equal(("Completed", "hello! world"), (events[5].GetProperty("OrchestrationStatus").GetString(), events[5].GetProperty("Result").GetString()));
        var brief = await app.Http.GetFromJsonAsync<JsonElement>($"{Base}/instances/t1?showHistory=true&showInput=false");
        Assert.DoesNotContain("hello", brief.GetProperty("historyEvents").GetRawText(), StringComparison.Ordinal);
        Assert.False((await app.Http.GetFromJsonAsync<JsonElement>($"{Base}/instances/t1")).TryGetProperty("historyEvents", out _));

        async Task<string> HistoryAsync(TestApp from, string query) => string.Join(' ', (await from.Http.GetFromJsonAsync<JsonElement>($"{Base}/instances/t1?showHistory=true{query}"))
            .TryGetProperty("historyEvents", out var told) ? told.EnumerateArray().Select(item => item.GetProperty("EventType").GetString()) : []);
    }

    [Fact]
    public async Task List_Filtered_PagesByTheContinuationToken()
    {
        await using var app = await TestApp.StartAsync(null, All);
        for (var i = 0; i < 5; i++)
            await PostAsync(app, $"{Base}/orchestrators/Listen/l{i}", "\"in\"");
        await PostAsync(app, $"{Base}/orchestrators/Listen/other", "");
        await app.Http.PostAsync($"{Base}/instances/l4/terminate?reason=enough", null);
        await Poll.UntilTrueAsync(async () => (await app.Http.GetAsync($"{Base}/instances/l4")).StatusCode == HttpStatusCode.OK, "it is terminated");

        var (first, token) = await PageAsync(app, "top=2&instanceIdPrefix=l", null);
        var (second, next) = await PageAsync(app, "top=2&instanceIdPrefix=l", token);
        var (third, end) = await PageAsync(app, "top=2&instanceIdPrefix=l", next);
        var terminated = (await app.Http.GetFromJsonAsync<JsonElement>($"{Base}/instances?runtimeStatus=Terminated,Failed&showInput=false"))[0];

        Assert.Equal("l0 l1|l2 l3|l4", $"{first}|{second}|{third}");
        Assert.Equal("", end);
        Assert.Equal("l4", terminated.GetProperty("instanceId").GetString());
        Assert.Equal(("enough", JsonValueKind.Null), (terminated.GetProperty("output").GetString(), terminated.GetProperty("input").ValueKind));
        Assert.Equal("", (await PageAsync(app, "createdTimeTo=2020-01-01T00:00:00Z", null)).Ids);
        Assert.Equal("l4", (await PageAsync(app, "runtimeStatus=Completed&runtimeStatus=Terminated", null)).Ids);

        var purged = await app.Http.DeleteAsync($"{Base}/instances?createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=Terminated");
        Assert.Equal("""{"instancesDeleted":1}""", await purged.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.DeleteAsync($"{Base}/instances?createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=Terminated")).StatusCode);
        Assert.Equal("\"Please provide value for 'createdTimeFrom' parameter.\"", (await (await app.Http.DeleteAsync($"{Base}/instances")).Content.ReadAsStringAsync()).Replace("\\u0027", "'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restart_KnownAndUnknown_StartsAnewUnderANewIdUnlessToldOtherwise()
    {
        await using var app = await TestApp.StartAsync(null, All);
        await PostAsync(app, $"{Base}/orchestrators/Listen/l1", "\"in\"");

        var restarted = await app.Http.PostAsync($"{Base}/instances/l1/restart", null);
        var id = (await restarted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        var unfinished = await app.Http.PostAsync($"{Base}/instances/l1/restart?restartWithNewInstanceId=false", null);
        await PostAsync(app, $"{Base}/instances/l1/raiseEvent/Heard", "1");
        await Poll.UntilTrueAsync(async () => (await app.Http.GetAsync($"{Base}/instances/l1")).StatusCode == HttpStatusCode.OK, "it is over");
        var same = await app.Http.PostAsync($"{Base}/instances/l1/restart?restartWithNewInstanceId=false", null);

        Assert.Equal(HttpStatusCode.Accepted, restarted.StatusCode);
        Assert.NotEqual("l1", id);
        Assert.Equal("in", (await app.Http.GetFromJsonAsync<JsonElement>($"{Base}/instances/{id}")).GetProperty("input").GetString());
        await AssertErrorAsync(unfinished, 500, "Something went wrong while processing your request", "cannot be restarted");
        Assert.Equal("l1", (await same.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        await AssertErrorAsync(await app.Http.PostAsync($"{Base}/instances/none/restart", null), 400, "InstanceId does not match a valid orchestration instance.", "'none'");
    }

    [Fact]
    public async Task Rewind_FailedOnly_RunsWhatFailedAnew()
    {
        var journal = new Journal { Act = (_, _) => throw new IOException("disk") };
        await using var app = await TestApp.StartAsync(null, All, journal: journal);
        await PostAsync(app, $"{Base}/orchestrators/Tell/t1", "\"hello\"");
        await Poll.UntilTrueAsync(async () => (await app.Http.GetAsync($"{Base}/instances/t1")).StatusCode == HttpStatusCode.OK, "it has failed");

        journal.Act = (_, _) => Task.CompletedTask;
        var rewound = await app.Http.PostAsync($"{Base}/instances/t1/rewind?reason=mended", null);
        await Poll.UntilTrueAsync(async () => (await app.Http.GetAsync($"{Base}/instances/t1-sub")).StatusCode == HttpStatusCode.Accepted, "it has gone on");
        var running = await app.Http.PostAsync($"{Base}/instances/t1/rewind", null);
        await app.Http.PostAsync($"{Base}/instances/t1/terminate", null);
        await Poll.UntilTrueAsync(async () => (await app.Http.GetAsync($"{Base}/instances/t1")).StatusCode == HttpStatusCode.OK, "it is terminated");

        Assert.Equal(HttpStatusCode.Accepted, rewound.StatusCode);
        Assert.Equal(["hello", "hello"], journal.Entries);
        await AssertErrorAsync(running, 500, "Something went wrong while processing your request", "only a Failed one can be rewound");
        Assert.Equal(HttpStatusCode.Gone, (await app.Http.PostAsync($"{Base}/instances/t1/rewind", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.PostAsync($"{Base}/instances/none/rewind", null)).StatusCode);
    }

    [Fact]
    public async Task RaiseEvent_ContentThatIsNotJson_IsRefused()
    {
        await using var app = await TestApp.StartAsync(null, All);
        await PostAsync(app, $"{Base}/orchestrators/Listen/l1", "");

        await AssertErrorAsync(await app.Http.PostAsync($"{Base}/instances/l1/raiseEvent/Heard", new StringContent("x")), 400, "Only application/json request content is supported", null);
        await AssertErrorAsync(await app.Http.PostAsync($"{Base}/instances/l1/raiseEvent/Heard", null), 400, "Only application/json request content is supported", null);
        await AssertErrorAsync(await PostAsync(app, $"{Base}/instances/l1/raiseEvent/Heard", "{"), 400, "Invalid JSON content", null);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(app, $"{Base}/instances/none/raiseEvent/Heard", "1")).StatusCode);
    }

    [Fact]
    public async Task DurableClient_ByProviderAndByTheHubsName_IsTheHosts()
    {
        await using var app = await TestApp.StartAsync(null, ["ByProvider", "Listen"], new() { ["hub"] = "TestHubName" });

        Assert.Equal("POSTp1", await (await app.Http.PostAsync("/api/provided/p1", null)).Content.ReadAsStringAsync());
        var refusal = await Assert.ThrowsAsync<Serverless.Embedded.FunctionsWorker.HostStartException>(() => TestApp.StartAsync(null, ["ByProvider"], new() { ["hub"] = "Another" }));
        Assert.Contains("task hub 'Another'", Assert.Single(refusal.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateCheckStatusResponseAsync_OfAStartedInstance_TellsWhereItIsWatched()
    {
        await using var app = await TestApp.StartAsync(null, ["StartWithData", "Listen"]);

        var answer = await app.Http.PostAsync("/api/checked/c1", null);
        var payload = await answer.Content.ReadFromJsonAsync<Dictionary<string, string?>>();

        var instance = $"{app.Http.BaseAddress}runtime/webhooks/durabletask/instances/c1";
        Assert.Equal((HttpStatusCode.Created, instance, "application/json"), (answer.StatusCode, answer.Headers.Location?.OriginalString, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(("c1", instance, instance + "/terminate?reason={{text}}"), (payload!["Id"], payload["StatusQueryGetUri"], payload["TerminatePostUri"]));
        Assert.Equal(HttpStatusCode.Accepted, (await app.Http.GetAsync(answer.Headers.Location)).StatusCode);
    }

    [Theory]
    [InlineData("a b+c", "a+b%2Bc")]
    [InlineData("50%41 \u00fc", "50%2541+%C3%BC")]
    public async Task Address_WithAnEncodedId_IsReadAsTheGenuineHostWritesIt(string id, string encoded)
    {
        await using var app = await TestApp.StartAsync(null, All);

        var started = await (await PostAsync(app, $"{Base}/orchestrators/Listen/{encoded}", "")).Content.ReadFromJsonAsync<JsonElement>();
        var heard = await PostAsync(app, $"{Base}/instances/{encoded}/raiseEvent/%48eard?taskHub=TestHubName", "\"it\"");
        var ended = await app.App.WaitForInstanceAsync(id, TestContext.Current.CancellationToken);

        Assert.Equal((id, $"{app.Http.BaseAddress}runtime/webhooks/durabletask/instances/{encoded}?taskHub=TestHubName&connection=Storage"),
            (started.GetProperty("id").GetString(), started.GetProperty("statusQueryGetUri").GetString()));
        Assert.Equal((HttpStatusCode.Accepted, "it"), (heard.StatusCode, ended.ReadOutputAs<string>()));
        // An encoded slash is a slash, so that there is no such address.
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(app, $"{Base}/instances/{encoded}/raiseEvent/He%2Fard", "1")).StatusCode);
    }

    [Theory]
    [InlineData("true", "outer.example:8443, inner", "https, http", "https://outer.example:8443/")]
    [InlineData("true", "outer.example", "https", "https://outer.example/")]
    [InlineData("true", "outer.example", null, null)]
    [InlineData("true", "outer.example/path?", "https", null)]
    [InlineData("true", "outer.example", "file", null)]
    [InlineData("false", "outer.example", "https", null)]
    public async Task Links_BehindAProxy_NameTheAddressItWasAskedForWhereThatIsHeeded(string useForwardedHost, string host, string? scheme, string? expected)
    {
        await using var app = await TestApp.StartAsync(
            null, ["StartWithData", "Listen"], new() { ["AzureFunctionsJobHost:extensions:durableTask:httpSettings:useForwardedHost"] = useForwardedHost });

        foreach (var path in (string[])["/api/checked/p1", $"{Base}/orchestrators/Listen/p2"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "X-Forwarded-Host", host } } };
            if (scheme is not null)
                request.Headers.Add("X-Forwarded-Proto", scheme);
            var location = (await app.Http.SendAsync(request)).Headers.Location!.OriginalString;

            Assert.StartsWith($"{expected ?? app.Http.BaseAddress!.ToString()}runtime/webhooks/durabletask/instances/p", location, StringComparison.Ordinal);
        }
    }

    private static Task<HttpResponseMessage> PostAsync(TestApp app, string address, string json) =>
        app.Http.PostAsync(address, new StringContent(json, Encoding.UTF8, "application/json"));

    private static async Task<(string Ids, string? Token)> PageAsync(TestApp app, string query, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Base}/instances?{query}");
        if (token is not null)
            request.Headers.Add("x-ms-continuation-token", token);
        using var answer = await app.Http.SendAsync(request);
        var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (string.Join(' ', page.EnumerateArray().Select(item => item.GetProperty("instanceId").GetString())), answer.Headers.GetValues("x-ms-continuation-token").Single());
    }

    private static async Task AssertErrorAsync(HttpResponseMessage answer, int status, string message, string? cause)
    {
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(message, error.GetProperty("Message").GetString());
        if (cause is not null)
            Assert.Contains(cause, error.GetProperty("ExceptionMessage").GetString(), StringComparison.Ordinal);
    }
}
