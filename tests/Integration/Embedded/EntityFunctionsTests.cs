using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.FunctionsWorker.Durable;

namespace Serverless.Tests.Integration.Embedded;

public sealed class EntityFunctionsTests
{
    private const string Entities = "/runtime/webhooks/durabletask/entities";
    private const string Instances = "/runtime/webhooks/durabletask/instances";
    private static readonly string[] All = ["Counter", "Account", "Tally", "SignalCounter", "ReadCounter", "StartTransfer", "TransferFunds", "Announcement"];

    [Fact]
    public async Task Entity_SignalledByAFunction_KeepsItsState()
    {
        await using var app = await TestApp.StartAsync(null, All);

        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/api/counters/a")).StatusCode);
        await app.Http.PostAsync("/api/counters/a/2", null);
        await app.Http.PostAsync("/api/counters/a/3", null);

        await StateBecomesAsync(app, "counter/a", "5");
        Assert.Equal("5", await app.Http.GetStringAsync("/api/counters/a"));
        Assert.Equal(["add 2", "add 3"], app.Journal.Entries);
    }

    [Fact]
    public async Task Transfer_UnderALock_MovesTheMoneyOrLeavesIt()
    {
        await using var app = await TestApp.StartAsync(null, All);
        await SignalAsync(app, "account/rich?op=deposit", "100.50");

        await app.Http.PostAsJsonAsync("/api/transfers/t1", new Transfer("rich", "poor", 60.25m));
        var first = await OutputAsync(app, "t1");
        await app.Http.PostAsJsonAsync("/api/transfers/t2", new Transfer("rich", "poor", 60.25m));
        var second = await OutputAsync(app, "t2");

        Assert.Equal((true, false), (first.GetBoolean(), second.GetBoolean()));
        await StateBecomesAsync(app, "account/rich", """{"Amount":40.25}""");
        await StateBecomesAsync(app, "account/poor", """{"Amount":60.25}""");
    }

    [Fact]
    public async Task Management_Entities_AreReadSignalledListedAndDeletedAsTheGenuineHostDoes()
    {
        await using var app = await TestApp.StartAsync(null, All);

        var accepted = await SignalAsync(app, "FunctionCounter/one?op=add", "4");
        await SignalAsync(app, "functioncounter/one?op=add", "5");
        await SignalAsync(app, "functioncounter?op=add", "6");
        await SignalAsync(app, "counter/one?op=add", "7");
        await StateBecomesAsync(app, "functioncounter/one", "9");
        await StateBecomesAsync(app, "functioncounter/$", "6");
        await StateBecomesAsync(app, "counter/one", "7");

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal("", await accepted.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"{Entities}/counter/two")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SignalAsync(app, "nobody/one?op=add", "4")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SignalAsync(app, "counter/one?op=add", "{")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SignalAsync(app, "counter/a%23b?op=add", "4")).StatusCode);

        var all = await app.Http.GetFromJsonAsync<JsonElement>(Entities);
        Assert.Equal(["counter/one", "functioncounter/", "functioncounter/one"], all.EnumerateArray().Select(Name));
        Assert.All(all.EnumerateArray(), entity => Assert.Equal(JsonValueKind.Null, entity.GetProperty("state").ValueKind));
        Assert.True(all[0].GetProperty("lastOperationTime").GetDateTime() > DateTime.UtcNow.AddMinutes(-1));

        var page = await app.Http.GetAsync($"{Entities}/FunctionCounter?top=1&fetchState=true");
        var first = (await page.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Single();
        using var next = new HttpRequestMessage(HttpMethod.Get, $"{Entities}/FunctionCounter?top=1&fetchState=true");
        next.Headers.Add("x-ms-continuation-token", page.Headers.GetValues("x-ms-continuation-token"));
        var last = (await (await app.Http.SendAsync(next)).Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Single();
        Assert.Equal(["functioncounter/ 6", "functioncounter/one 9"], new[] { first, last }.Select(entity => $"{Name(entity)} {entity.GetProperty("state")}"));

        Assert.Equal(HttpStatusCode.Accepted, (await app.Http.DeleteAsync($"{Entities}/counter/one")).StatusCode);
        await Poll.UntilTrueAsync(async () => (await app.Http.GetAsync($"{Entities}/counter/one")).StatusCode == HttpStatusCode.NotFound, "the entity is deleted");
    }

    [Fact]
    public async Task Entity_StartsAnOrchestrationAndSignalsItselfLater_BothHappen()
    {
        await using var app = await TestApp.StartAsync(null, All);

        await SignalAsync(app, "counter/a?op=add", "1");
        await SignalAsync(app, "counter/a?op=announce", null);
        await StateBecomesAsync(app, "counter/a", "1");
        await SignalAsync(app, "counter/a?op=remind", "1");

        Assert.Equal("1 announced by @counter@a", (await OutputAsync(app, "announcement-1")).GetString());
        await StateBecomesAsync(app, "counter/a", "101");
    }

    [Fact]
    public async Task Stop_OperationInHand_IsCarriedOutOnceAfterARestart()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        var journal = new Journal { Act = (_, _) => Task.Delay(Timeout.Infinite, CancellationToken.None) };
        await using (var app = await TestApp.StartAsync(null, All, new() { ["EmbeddedHost:DrainTimeout"] = "00:00:00.5" }, directory: directory, journal: journal))
        {
            await SignalAsync(app, "counter/a?op=add", "4");
            await Poll.UntilTrueAsync(() => journal.Entries.Count == 1, "the operation is in hand");
        }

        journal.Act = (_, _) => Task.CompletedTask;
        await using (var app = await TestApp.StartAsync(null, All, directory: directory, journal: journal))
            await StateBecomesAsync(app, "counter/a", "4");

        Assert.Equal(2, journal.Count("add 4"));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Client_OfTheBinding_QueriesEntities()
    {
        await using var app = await TestApp.StartAsync(null, All);
        DurableTaskClient client = app.Services.GetRequiredService<BoundDurableTaskClient>();
        var id = new EntityInstanceId("Counter", "a");

        await client.Entities.SignalEntityAsync(id, "add", 3, new SignalEntityOptions { SignalTime = DateTimeOffset.UtcNow.AddMilliseconds(200) });
        await StateBecomesAsync(app, "counter/a", "3");

        Assert.Equal(3, (await client.Entities.GetEntityAsync<int>(id))?.State);
        Assert.Equal([id], client.Entities.GetAllEntitiesAsync().ToBlockingEnumerable().Select(entity => entity.Id));
    }

    private static Task<HttpResponseMessage> SignalAsync(TestApp app, string path, string? json) =>
        app.Http.PostAsync($"{Entities}/{path}", json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    private static Task StateBecomesAsync(TestApp app, string entity, string state) => Poll.UntilTrueAsync(
        async () => await app.Http.GetAsync($"{Entities}/{entity}") is { IsSuccessStatusCode: true } answer && await answer.Content.ReadAsStringAsync() == state,
        $"the state of {entity} is {state}");

    private static async Task<JsonElement> OutputAsync(TestApp app, string instanceId)
    {
        JsonElement output = default;
        await Poll.UntilTrueAsync(
            async () =>
            {
                var answer = await app.Http.GetAsync($"{Instances}/{instanceId}");
                if (answer.StatusCode != HttpStatusCode.OK)
                    return false;
                output = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("output");
                return true;
            },
            $"{instanceId} is completed");
        return output;
    }

    private static string Name(JsonElement entity) =>
        $"{entity.GetProperty("entityId").GetProperty("name").GetString()}/{entity.GetProperty("entityId").GetProperty("key").GetString()}";
}
