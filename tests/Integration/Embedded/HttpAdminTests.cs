using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;

namespace Serverless.Tests.Integration.Embedded;

[Collection(AzuriteCollection.Name)]
public sealed class HttpAdminTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Functions_Listed_AreThoseThatRunAndThoseSwitchedOff()
    {
        await using var app = await TestApp.StartAsync(null, ["Hello"]);

        var functions = await app.Http.GetFromJsonAsync<JsonElement>("/admin/functions");
        var hello = await app.Http.GetFromJsonAsync<JsonElement>("/admin/functions/hello");

        Assert.False(hello.GetProperty("isDisabled").GetBoolean());
        Assert.Equal(new Uri(app.Http.BaseAddress!, "/api/hello").ToString(), hello.GetProperty("invoke_url_template").GetString());
        Assert.Equal(new Uri(app.Http.BaseAddress!, "/admin/functions/Hello").ToString(), hello.GetProperty("href").GetString());
        Assert.Equal(
            """[{"name":"request","type":"httpTrigger","direction":"In","methods":["get"],"route":"Hello","authLevel":"Anonymous"}]""",
            JsonSerializer.Serialize(hello.GetProperty("config").GetProperty("bindings").EnumerateArray().Where(binding => binding.GetProperty("type").GetString() == "httpTrigger")
                .Select(binding => new
                {
                    name = binding.GetProperty("name"),
                    type = binding.GetProperty("type"),
                    direction = binding.GetProperty("direction"),
                    methods = binding.GetProperty("methods"),
                    route = binding.GetProperty("route"),
                    authLevel = binding.GetProperty("authLevel"),
                })));
        Assert.All(functions.EnumerateArray().Where(function => function.GetProperty("name").GetString() != "Hello"), function => Assert.True(function.GetProperty("isDisabled").GetBoolean()));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/admin/functions/unheard")).StatusCode);
        Assert.Equal("{}", await app.Http.GetStringAsync("/admin/functions/hello/status"));
    }

    [Fact]
    public async Task HostStatusAndPing_OfARunningHost_SaySo()
    {
        await using var app = await TestApp.StartAsync(null, ["Hello"]);

        var status = await app.Http.GetFromJsonAsync<JsonElement>("/admin/host/status");
        var ping = await app.Http.PostAsync("/admin/host/ping", null);

        Assert.Matches("^[a-z0-9-]{1,32}$", status.GetProperty("id").GetString());
        Assert.Equal("Running", status.GetProperty("state").GetString());
        Assert.Equal("Unknown", status.GetProperty("functionAppContentEditingState").GetString());
        Assert.Equal(Environment.MachineName, status.GetProperty("computerName").GetString());
        Assert.True(status.GetProperty("processUptime").GetInt64() > 0);
        Assert.False(status.TryGetProperty("platformVersion", out _));
        Assert.Equal((HttpStatusCode.OK, "", true), (ping.StatusCode, await ping.Content.ReadAsStringAsync(), ping.Headers.CacheControl?.NoStore ?? false));
    }

    [Fact]
    public async Task Function_RunByHand_RunsWithTheInputGiven()
    {
        var container = $"byhand-{Guid.NewGuid():n}";
        await new BlobContainerClient(azurite.ConnectionString, container).CreateAsync();
        await using var app = await TestApp.StartAsync(
            azurite, ["QueueOrder", "Tick", "BlobText", "Hello"],
            new() { ["queue"] = $"byhand-{Guid.NewGuid():n}", ["container"] = container, ["schedule"] = "0 0 3 * * *" });
        var seen = new BlobClient(azurite.ConnectionString, container, "a.txt");
        await seen.UploadAsync(BinaryData.FromString("words"));

        var queue = await app.Http.PostAsJsonAsync("/admin/functions/queueorder", new { input = """{"id":"a","quantity":3}""" });
        var timer = await app.Http.PostAsJsonAsync("/admin/functions/Tick", new { });
        var blob = await app.Http.PostAsJsonAsync("/admin/functions/BlobText", new { input = $"{container}/a.txt" });

        Assert.All([queue, timer, blob], answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        await Poll.UntilTrueAsync(() => app.Journal.Count("ax3 QueueOrder 1") == 1, "the queue's function ran");
        await Poll.UntilTrueAsync(() => app.Journal.Count("tick on time monitored") == 1, "the timer's function ran");
        await Poll.UntilTrueAsync(() => app.Journal.Count("a.txt=words") >= 1, "the blob's function ran");
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.PostAsJsonAsync("/admin/functions/BlobText", new { input = "elsewhere/a.txt" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.PostAsJsonAsync("/admin/functions/Hello", new { input = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.PostAsync("/admin/functions/Tick", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.PostAsJsonAsync("/admin/functions/unheard", new { input = "" })).StatusCode);
    }

    [Fact]
    public async Task Root_WithoutAFunctionThere_IsAPageUnlessSwitchedOff()
    {
        await using var app = await TestApp.StartAsync(null, ["Hello"]);
        await using var without = await TestApp.StartAsync(null, ["Hello"], new() { ["AzureWebJobsDisableHomepage"] = "true" });

        var page = await app.Http.GetAsync("/");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Equal(HttpStatusCode.NoContent, (await without.Http.GetAsync("/")).StatusCode);
    }
}
