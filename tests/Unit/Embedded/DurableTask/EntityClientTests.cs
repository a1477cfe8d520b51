using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class EntityClientTests
{
    [Fact]
    public async Task GetAllEntitiesAsync_Filters_GivesThoseThatMatchPageByPage()
    {
        var time = new ManualTime();
        await using var hub = await new TestHub { Time = time }.Entity<Counter>("counter").Entity<Account>("account").StartAsync();
        for (var i = 0; i < 7; i++)
            await hub.SignalAsync(new EntityInstanceId("counter", $"Key{i}"), "add", i + 1);
        await hub.BecomesAsync(new EntityInstanceId("counter", "Key6"), 7);
        time.Advance(TimeSpan.FromHours(1));
        await hub.SignalAsync(new EntityInstanceId("account", "a"), "deposit", 1L);
        await hub.BecomesAsync(new EntityInstanceId("account", "a"), 1L);

        var pages = new List<int>();
        var ids = new List<string>();
        await foreach (var page in hub.Client.Entities.GetAllEntitiesAsync<int>(new EntityQuery { InstanceIdStartsWith = "COUNTER@Key", PageSize = 3 }).AsPages())
        {
            pages.Add(page.Values.Count);
            ids.AddRange(page.Values.Select(entity => $"{entity.Id.Key}={entity.State}"));
        }

        Assert.Equal([3, 3, 1], pages);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"Key{i}={i + 1}"), ids);
        Assert.Equal(["@account@a"], Ids(hub, new EntityQuery { LastModifiedFrom = time.GetUtcNow() }));
        Assert.Equal(7, Ids(hub, new EntityQuery { LastModifiedTo = time.GetUtcNow().AddMinutes(-1) }).Count);
        Assert.Equal(8, Ids(hub, new EntityQuery()).Count);
        Assert.Empty(Ids(hub, new EntityQuery { InstanceIdStartsWith = "counter@key" }));
        Assert.All(hub.Client.Entities.GetAllEntitiesAsync(new EntityQuery { IncludeState = false }).ToBlockingEnumerable(), entity => Assert.False(entity.IncludesState));
    }

    [Fact]
    public async Task InstanceIdStartsWith_AnyCharacter_FindsAllThatBeginWithIt()
    {
        await using var hub = await new TestHub().Entity<Counter>("counter").StartAsync();
        foreach (var key in new[] { "j", "k", "k\U0001F600", "l" })
        {
            await hub.SignalAsync(new EntityInstanceId("counter", key), "add", 1);
            await hub.BecomesAsync(new EntityInstanceId("counter", key), 1);
        }

        Assert.Equal(["@counter@k", "@counter@k\U0001F600"], Ids(hub, new EntityQuery { InstanceIdStartsWith = "counter@k" }));
        Assert.Equal(["@counter@k\U0001F600"], Ids(hub, new EntityQuery { InstanceIdStartsWith = "counter@k\U0001F600" }));
        Assert.Throws<ArgumentException>(() => Ids(hub, new EntityQuery { InstanceIdStartsWith = "counter@k\uD83D" }));
    }

    [Fact]
    public async Task CleanEntityStorageAsync_CancelledWhileTheDiskIsStuck_EndsTheWait()
    {
        await using var hub = await new TestHub().StartAsync();
        using var stuck = hub.LockStore();
        using var cancellation = new CancellationTokenSource();
        var cleaning = hub.Client.Entities.CleanEntityStorageAsync(cancellation: cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cleaning.WaitAsync(TestHub.Patience));
    }

    [Fact]
    public async Task GetEntityAsync_DeletedOrUnknown_GivesNull()
    {
        await using var hub = await new TestHub().Entity<Counter>("counter").StartAsync();
        var id = new EntityInstanceId("counter", "c");
        await hub.SignalAsync(id, "add", 1);
        await hub.BecomesAsync(id, 1);

        await hub.SignalAsync(id, "Delete");

        await Poll.UntilTrueAsync(() => hub.Client.Entities.GetEntityAsync(id).Result is null, () => "The entity is not deleted.");
        Assert.Null(await hub.Client.Entities.GetEntityAsync<int>(new EntityInstanceId("counter", "unknown")));
    }

    [Fact]
    public async Task GetEntityAsync_WithAndWithoutState_SaysWhatIsKnown()
    {
        await using var hub = await new TestHub().Entity<Counter>("counter").StartAsync();
        var id = new EntityInstanceId("counter", "c");
        await hub.SignalAsync(id, "add", 4);
        await hub.BecomesAsync(id, 4);

        var bare = await hub.Client.Entities.GetEntityAsync<int>(id, includeState: false);
        var serialized = await hub.Client.Entities.GetEntityAsync(id);

        Assert.False(bare?.IncludesState);
        Assert.Throws<InvalidOperationException>(() => bare?.State);
        Assert.Equal(("4", 4), (serialized?.State.Value, serialized?.State.ReadAs<int>()));
        var json = JsonSerializer.SerializeToElement(await hub.Client.Entities.GetEntityAsync<int>(id), JsonSerializerOptions.Web);
        Assert.Equal(["id", "lastModifiedTime", "state"], json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("@counter@c", 4), (json.GetProperty("id").GetString(), json.GetProperty("state").GetInt32()));
    }

    [Fact]
    public async Task CleanEntityStorageAsync_LockOfAnOrchestrationThatIsGone_ReleasesIt()
    {
        await using var hub = await EntityLockTests.Bank().StartAsync();
        var id = new EntityInstanceId("account", "a");
        await hub.SignalAsync(id, "deposit", 1);
        await hub.BecomesAsync(id, 1L);
        await hub.Hub.DisposeAsync();
        Execute(hub, "UPDATE entities SET lock_instance_id = 'gone', lock_key = 99, lock_execution = 1, lock_task_id = 0");
        await hub.StartAsync();
        await hub.SignalAsync(id, "deposit", 1);

        Assert.Equal(0, (await hub.Client.Entities.CleanEntityStorageAsync(new CleanEntityStorageRequest { RemoveEmptyEntities = true })).OrphanedLocksReleased);
        Assert.Equal("gone", (await hub.Client.Entities.GetEntityAsync(id))?.LockedBy);
        var cleaned = await hub.Client.Entities.CleanEntityStorageAsync();

        Assert.Equal((1, 0, null), (cleaned.OrphanedLocksReleased, cleaned.EmptyEntitiesRemoved, cleaned.ContinuationToken));
        Assert.Null((await hub.BecomesAsync(id, 2L)).LockedBy);
    }

    [Theory]
    [InlineData("", "k")]
    [InlineData("a@b", "k")]
    public void EntityInstanceId_WrongName_Throws(string name, string key) => Assert.Throws<ArgumentException>(() => new EntityInstanceId(name, key));

    [Fact]
    public void EntityInstanceId_Text_IsReadAndWritten()
    {
        var id = EntityInstanceId.FromString("@Counter@My@Key");

        Assert.Equal((new EntityInstanceId("counter", "My@Key"), "counter", "My@Key"), (id, id.Name, id.Key));
        Assert.Equal(id, JsonSerializer.Deserialize<EntityInstanceId>(JsonSerializer.Serialize(id)));
        Assert.Throws<ArgumentException>(() => EntityInstanceId.FromString("counter"));
        Assert.Throws<ArgumentException>(() => EntityInstanceId.FromString("@counter"));
    }

    private static List<string> Ids(TestHub hub, EntityQuery query) =>
        [.. hub.Client.Entities.GetAllEntitiesAsync(query).ToBlockingEnumerable().Select(entity => entity.Id.ToString())];

    private static void Execute(TestHub hub, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={hub.DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
