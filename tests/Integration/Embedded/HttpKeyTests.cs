using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless.Tests.Integration.Embedded;

public sealed class HttpKeyTests
{
    private static readonly Dictionary<string, string> WithAuth = new() { ["EmbeddedHost:EnableAuth"] = "true" };

    [Fact]
    public async Task FirstStart_WithAuth_MakesKeysAndKeepsOnlyTheirHashes()
    {
        await using var app = await TestApp.StartAsync(null, ["Guarded", "MasterOnly"], WithAuth);
        var state = Path.Combine(app.DirectoryPath, "state");
        var keys = FirstKeys(app);
        var kept = await File.ReadAllTextAsync(Path.Combine(state, "keys.json"));

        Assert.Equal((401, 200, 200, 401), (await Get(app, "guarded"), await Get(app, "guarded", keys["default"]), await Get(app, "guarded", keys["_master"]), await Get(app, "guarded", "wrong")));
        Assert.Equal((401, 401, 200), (await Get(app, "masteronly"), await Get(app, "masteronly", keys["default"]), await Get(app, "masteronly", keys["_master"])));
        Assert.All(keys.Values, value => Assert.DoesNotContain(value, kept, StringComparison.Ordinal));
        Assert.All(keys.Values, value => Assert.DoesNotContain(app.Log, line => line.Contains(value, StringComparison.Ordinal)));
        Assert.Contains(app.Log, line => line.Contains("2 keys were made. Their values are in", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.GetFiles(state, "*keys.json"))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Keys_SetAndDeleted_HoldAtOnceAndAfterARestart()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        string master, own, host;
        await using (var app = await TestApp.StartAsync(null, ["Guarded", "MasterOnly"], WithAuth, directory: directory))
        {
            master = FirstKeys(app)["_master"];
            own = await ValueAsync(await Send(app, HttpMethod.Post, "functions/guarded/keys/mine", master), HttpStatusCode.Created, "mine");
            host = await ValueAsync(await Send(app, HttpMethod.Put, "host/functionkeys/given", master, new { name = "given", value = "a value of one's own" }), HttpStatusCode.Created, "given");
            await ValueAsync(await Send(app, HttpMethod.Post, "host/systemkeys/hook", master), HttpStatusCode.Created, "hook");

            Assert.Equal("a value of one's own", host);
            Assert.Equal((200, 200, 401), (await Get(app, "guarded", own), await Get(app, "guarded", host), await Get(app, "masteronly", own)));
            Assert.Equal(HttpStatusCode.Unauthorized, (await Send(app, HttpMethod.Get, "host/keys", own)).StatusCode);
        }

        await using (var app = await TestApp.StartAsync(null, ["Guarded", "MasterOnly"], WithAuth, directory: directory))
        {
            var listed = await (await Send(app, HttpMethod.Get, "functions/Guarded/keys", master)).Content.ReadFromJsonAsync<JsonElement>();
            var deleted = await Send(app, HttpMethod.Delete, "functions/Guarded/keys/mine", master);

            Assert.Equal("mine", Assert.Single(listed.GetProperty("keys").EnumerateArray()).GetProperty("name").GetString());
            Assert.Equal(JsonValueKind.Null, listed.GetProperty("keys")[0].GetProperty("value").ValueKind);
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            Assert.Equal((401, 200), (await Get(app, "guarded", own), await Get(app, "guarded", host)));
            Assert.Equal(HttpStatusCode.NotFound, (await Send(app, HttpMethod.Delete, "functions/Guarded/keys/mine", master)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await Send(app, HttpMethod.Post, "functions/unknown/keys/mine", master)).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await Send(app, HttpMethod.Delete, "host/systemkeys/_master", master)).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await Send(app, HttpMethod.Put, "host/keys/empty", master, new { name = "empty" })).StatusCode);

            var renewed = await ValueAsync(await Send(app, HttpMethod.Post, "host/systemkeys/_master", master), HttpStatusCode.OK, "_master");
            Assert.Equal((401, 200), (await Get(app, "masteronly", master), await Get(app, "masteronly", renewed)));
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task MasterKey_Configured_OpensAllAndTheFunctionKeyFunctionsOnly()
    {
        await using var app = await TestApp.StartAsync(
            null, ["Guarded", "MasterOnly"], new() { ["EmbeddedHost:MasterKey"] = "m1", ["EmbeddedHost:FunctionKey"] = "f1" });

        Assert.Equal((200, 200), (await Get(app, "guarded", "m1"), await Get(app, "guarded", "f1")));
        Assert.Equal((200, 401), (await Get(app, "masteronly", "m1"), await Get(app, "masteronly", "f1")));
        Assert.Equal(HttpStatusCode.Conflict, (await Send(app, HttpMethod.Post, "host/systemkeys/_master", "m1")).StatusCode);
        Assert.False(File.Exists(Path.Combine(app.DirectoryPath, "state", "first-keys.json")));
    }

    [Fact]
    public async Task ReachableFromElsewhere_WithoutAKeyConfigured_AsksForTheKeysMade()
    {
        await using var app = await TestApp.StartAsync(null, ["Guarded"], new() { ["EmbeddedHost:Urls"] = "http://0.0.0.0:0" });
        using var http = new HttpClient { BaseAddress = new Uri(app.Http.BaseAddress!.ToString().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/guarded")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"/api/guarded?code={FirstKeys(app)["default"]}")).StatusCode);
    }

    [Fact]
    public async Task DurableApi_WithAuth_AsksForItsSystemKey()
    {
        await using var app = await TestApp.StartAsync(null, ["Guarded", "StartSum"], WithAuth);
        var keys = FirstKeys(app);
        const string path = "/runtime/webhooks/durabletask/instances";

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Http.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Http.GetAsync($"{path}?code={keys["default"]}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync($"{path}?code={keys["durabletask_extension"]}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync($"{path}?code={keys["_master"]}")).StatusCode);
        Assert.Equal(401, await Get(app, "guarded", keys["durabletask_extension"]));
    }

    [Fact]
    public async Task Links_WithAuth_CarryACodeThatOpensTheDurableApiAloneUntilItsKeyIsRenewed()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        string[] functions = ["Guarded", "StartWithData", "Listen"];
        string status, master;
        await using (var app = await TestApp.StartAsync(null, functions, WithAuth, directory: directory))
        {
            var keys = FirstKeys(app);
            master = keys["_master"];
            var answer = await app.Http.PostAsync("/api/checked/c1", null);
            var links = (await answer.Content.ReadFromJsonAsync<Dictionary<string, string?>>())!;
            status = links["StatusQueryGetUri"]!;
            var code = System.Web.HttpUtility.ParseQueryString(new Uri(status).Query)["code"]!;

            Assert.Equal((status, HttpStatusCode.Accepted), (answer.Headers.Location?.OriginalString, (await app.Http.GetAsync(status)).StatusCode));
            Assert.Equal(HttpStatusCode.Accepted, (await app.Http.PostAsync(links["SuspendPostUri"]!.Replace("{{text}}", "why", StringComparison.Ordinal), null)).StatusCode);
            Assert.Equal((401, HttpStatusCode.Unauthorized), (await Get(app, "guarded", code), (await Send(app, HttpMethod.Get, "host/status", code)).StatusCode));
            Assert.DoesNotContain(code, keys.Values);
            Assert.DoesNotContain(app.Log, line => line.Contains(code, StringComparison.Ordinal));

            var byApi = await app.Http.PostAsync($"/runtime/webhooks/durabletask/orchestrators/Listen/c2?code={master}", null);
            Assert.Equal(HttpStatusCode.Accepted, (await app.Http.GetAsync(byApi.Headers.Location)).StatusCode);
            Assert.DoesNotContain(master, await byApi.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(directory, "state", "link-secret")));
        }

        await using (var app = await TestApp.StartAsync(null, functions, WithAuth, directory: directory))
        {
            var known = new Uri(status).PathAndQuery;
            Assert.Equal(HttpStatusCode.Accepted, (await app.Http.GetAsync(known)).StatusCode);
            await Send(app, HttpMethod.Post, "host/systemkeys/durabletask_extension", master);
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Http.GetAsync(known)).StatusCode);
            Assert.Equal(HttpStatusCode.Accepted, (await app.Http.GetAsync((await app.Http.PostAsync("/api/checked/c3", null)).Headers.Location)).StatusCode);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Links_WithAMasterKeyConfigured_EndWithThatKey()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        string known;
        await using (var app = await TestApp.StartAsync(null, ["StartWithData", "Listen"], new() { ["EmbeddedHost:MasterKey"] = "first-master-key" }, directory: directory))
        {
            known = (await app.Http.PostAsync("/api/checked/c1", null)).Headers.Location!.PathAndQuery;
            Assert.Equal(HttpStatusCode.Accepted, (await app.Http.GetAsync(known)).StatusCode);
            // Long enough not to stand in a link's own random key by chance.
            Assert.DoesNotContain("first-master-key", known, StringComparison.Ordinal);
        }

        await using (var app = await TestApp.StartAsync(null, ["StartWithData", "Listen"], new() { ["EmbeddedHost:MasterKey"] = "second-master-key" }, directory: directory))
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Http.GetAsync(known)).StatusCode);
        Directory.Delete(directory, recursive: true);
    }

    private static Dictionary<string, string> FirstKeys(TestApp app) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(app.DirectoryPath, "state", "first-keys.json"))).RootElement.EnumerateArray()
            .ToDictionary(key => key.GetProperty("name").GetString()!, key => key.GetProperty("value").GetString()!);

    private static async Task<int> Get(TestApp app, string function, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/{function}");
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        return (int)(await app.Http.SendAsync(request)).StatusCode;
    }

    private static async Task<HttpResponseMessage> Send(TestApp app, HttpMethod method, string path, string key, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/admin/{path}") { Headers = { { "x-functions-key", key } }, Content = body is null ? null : JsonContent.Create(body) };
        return await app.Http.SendAsync(request);
    }

    private static async Task<string> ValueAsync(HttpResponseMessage answer, HttpStatusCode status, string name)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, name), (answer.StatusCode, body.GetProperty("name").GetString()));
        Assert.Equal("self", body.GetProperty("links")[0].GetProperty("rel").GetString());
        return body.GetProperty("value").GetString()!;
    }
}
