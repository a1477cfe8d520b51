using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless.Tests.Integration.Embedded;

public sealed class DurableFunctionsTests
{
    private const string Instances = "/runtime/webhooks/durabletask/instances";
    private static readonly string[] All = ["StartSum", "Sum", "Double", "Approve", "Note", "Fail", "StartNamed"];

    [Fact]
    public async Task Orchestration_StartedOverHttp_RunsItsActivitiesAndIsReported()
    {
        await using var app = await TestApp.StartAsync(null, All);

        var accepted = await app.Http.PostAsJsonAsync("/api/sums/s1", new[] { 1, 2, 3 });
        var payload = await accepted.Content.ReadFromJsonAsync<JsonElement>();
        var status = await CompletedAsync(app, payload.GetProperty("statusQueryGetUri").GetString()!);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal(new Uri(app.Http.BaseAddress!, $"{Instances}/s1").ToString(), payload.GetProperty("statusQueryGetUri").GetString());
        Assert.EndsWith("/raiseEvent/{eventName}", payload.GetProperty("sendEventPostUri").GetString(), StringComparison.Ordinal);
        Assert.Equal("Sum", status.GetProperty("name").GetString());
        Assert.Equal("Completed", status.GetProperty("runtimeStatus").GetString());
        Assert.Equal([1, 2, 3], status.GetProperty("input").Deserialize<int[]>()!);
        Assert.Equal("""{"Id":"s1","Quantity":12}""", status.GetProperty("output").GetRawText());
        Assert.Equal("""{"Doubled":3}""", status.GetProperty("customStatus").GetRawText());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", status.GetProperty("createdTime").GetString()!);
        Assert.Equal(["double 1 for s1 by Double", "double 2 for s1 by Double", "double 3 for s1 by Double"], app.Journal.Entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Management_WaitingInstance_IsAnsweredAndSignalledAsTheGenuineHostDoes()
    {
        await using var app = await TestApp.StartAsync(null, All);
        await app.Http.PostAsync("/api/start/Approve/a1", null);
        await Poll.UntilTrueAsync(async () => (await StatusAsync(app, "a1")).GetProperty("runtimeStatus").GetString() == "Running", "the orchestration runs");

        var waiting = await app.Http.GetAsync($"{Instances}/a1");
        var suspended = await app.Http.PostAsync($"{Instances}/a1/suspend?reason=later", null);
        await Poll.UntilTrueAsync(async () => (await StatusAsync(app, "a1")).GetProperty("runtimeStatus").GetString() == "Suspended", "the orchestration is suspended");
        var resumed = await app.Http.PostAsync($"{Instances}/a1/resume", null);
        var notJson = await app.Http.PostAsync($"{Instances}/a1/raiseEvent/Decision", new StringContent("text"));
        var raised = await app.Http.PostAsJsonAsync($"{Instances}/a1/raiseEvent/Decision", new { id = "yes", quantity = 1 });
        var done = await CompletedAsync(app, $"{Instances}/a1?showInput=false");
        var late = await app.Http.PostAsJsonAsync($"{Instances}/a1/raiseEvent/Decision", new { id = "no" });

        Assert.Equal(HttpStatusCode.Accepted, waiting.StatusCode);
        Assert.Equal(new Uri(app.Http.BaseAddress!, $"{Instances}/a1"), waiting.Headers.Location);
        Assert.Equal(HttpStatusCode.Accepted, suspended.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, resumed.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, notJson.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        Assert.Equal("yes", done.GetProperty("output").GetString());
        Assert.Equal(JsonValueKind.Null, done.GetProperty("input").ValueKind);
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
        Assert.Equal(["yes"], app.Journal.Entries);
    }

    [Fact]
    public async Task Management_TerminatePurgeAndList_AnswerAsTheGenuineHostDoes()
    {
        await using var app = await TestApp.StartAsync(null, All);
        await app.Http.PostAsync("/api/start/Approve/a1", null);
        await app.Http.PostAsync("/api/start/Approve/b1", null);

        Assert.Equal(HttpStatusCode.Accepted, (await app.Http.PostAsync($"{Instances}/a1/terminate?reason=enough", null)).StatusCode);
        var ended = await CompletedAsync(app, $"{Instances}/a1");
        var terminated = (await app.Http.GetFromJsonAsync<JsonElement>($"{Instances}?runtimeStatus=Terminated")).EnumerateArray().ToList();
        var purged = await app.Http.DeleteAsync($"{Instances}/a1");

        Assert.Equal("Terminated", ended.GetProperty("runtimeStatus").GetString());
        Assert.Equal("a1", Assert.Single(terminated).GetProperty("instanceId").GetString());
        Assert.Equal("""{"instancesDeleted":1}""", await purged.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"{Instances}/a1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.PostAsync($"{Instances}/a1/terminate", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.DeleteAsync($"{Instances}/a1")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.DeleteAsync(Instances)).StatusCode);
    }

    [Fact]
    public async Task Orchestration_ThatCallsAnUnknownActivity_FailsWithTheReason()
    {
        await using var app = await TestApp.StartAsync(null, All);
        await app.Http.PostAsync("/api/start/Fail/f1", null);

        var status = await CompletedAsync(app, $"{Instances}/f1");
        var failing = await app.Http.GetAsync($"{Instances}/f1?returnInternalServerErrorOnFailure=true");

        Assert.Equal("Failed", status.GetProperty("runtimeStatus").GetString());
        Assert.Contains("NoSuchActivity", status.GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, failing.StatusCode);
    }

    [Fact]
    public async Task Orchestration_WaitingWhenTheAppStops_GoesOnAfterARestart()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        await using (var app = await TestApp.StartAsync(null, All, directory: directory))
        {
            await app.Http.PostAsync("/api/start/Approve/a1", null);
            await Poll.UntilTrueAsync(async () => (await StatusAsync(app, "a1")).GetProperty("runtimeStatus").GetString() == "Running", "the orchestration runs");
        }

        await using (var app = await TestApp.StartAsync(null, All, directory: directory))
        {
            await app.Http.PostAsJsonAsync($"{Instances}/a1/raiseEvent/Decision", new { id = "yes" });
            Assert.Equal("yes", (await CompletedAsync(app, $"{Instances}/a1")).GetProperty("output").GetString());
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Stop_ActivityThatDoesNotFinish_IsRunAgainAfterARestart()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        var journal = new Journal { Act = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken) };
        await using (var app = await TestApp.StartAsync(null, All, new() { ["EmbeddedHost:DrainTimeout"] = "00:00:00.5" }, directory: directory, journal: journal))
        {
            await app.Http.PostAsJsonAsync("/api/sums/s1", new[] { 4 });
            await Poll.UntilTrueAsync(() => journal.Entries.Count == 1, "the activity is in hand");
        }

        journal.Act = (_, _) => Task.CompletedTask;
        await using (var app = await TestApp.StartAsync(null, All, directory: directory, journal: journal))
        {
            var status = await CompletedAsync(app, $"{Instances}/s1");
            Assert.Equal("""{"Id":"s1","Quantity":8}""", status.GetProperty("output").GetRawText());
        }

        Assert.Equal(2, journal.Count("double 4 for s1 by Double"));
        Directory.Delete(directory, recursive: true);
    }

    private static Task<JsonElement> StatusAsync(TestApp app, string id) => app.Http.GetFromJsonAsync<JsonElement>($"{Instances}/{id}");

    private static async Task<JsonElement> CompletedAsync(TestApp app, string address)
    {
        JsonElement status = default;
        await Poll.UntilTrueAsync(
            async () =>
            {
                var answer = await app.Http.GetAsync(address);
                status = await answer.Content.ReadFromJsonAsync<JsonElement>();
                return answer.StatusCode == HttpStatusCode.OK;
            },
            $"{address} answers 200");
        return status;
    }
}
