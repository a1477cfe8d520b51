using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Tests.Chaos.Crashes;

namespace Serverless.Tests.Unit.Embedded.Chaos;

/// <summary>The judge of crash runs must see each thing that could be wrong.</summary>
public sealed class StoreInspectionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inspection-").FullName;
    private readonly Submission _counted = new("counted", LoadKind.Named("sequential"), 3);
    private readonly Submission _fed = new("fed", LoadKind.Named("events"), 2);
    private readonly Submission _signalled = new("signalled", LoadKind.Named("signals"), 2);
    private readonly Submission _transferred = new("transferred", LoadKind.Named("transfers"), 2);

    private IReadOnlyList<Submission> All => [_counted, _fed, _signalled, _transferred];

    public async ValueTask InitializeAsync()
    {
        using var journal = new ActivityJournal(_folder);
        await using var hub = CrashWorker.CreateHub(_folder, NullLoggerFactory.Instance);
        new LoadFunctions(journal).AddTo(hub);
        await hub.StartAsync(CancellationToken.None);
        await new LoadClient(hub.Client).RunAsync(All, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Inspection_UndisturbedStore_FindsNothing() => Assert.Empty(await InspectAsync());

    [Theory]
    [InlineData("DELETE FROM instances WHERE instance_id = 'counted'", "counted was acknowledged and is not there")]
    [InlineData("UPDATE instances SET output = '7' WHERE instance_id = 'counted'", "counted of size 3 gave 7 instead of 6")]
    [InlineData("UPDATE instances SET status = 3 WHERE instance_id = 'counted'", "counted is Failed, not Completed")]
    [InlineData("UPDATE instances SET output = '[\"0.0\"]' WHERE instance_id = 'fed'", "fed took [\"0.0\"], but these were acknowledged")]
    [InlineData("UPDATE instances SET output = '[\"0.0\",\"1.1\",\"1.1\"]' WHERE instance_id = 'fed'", "fed took an event twice")]
    [InlineData("UPDATE instances SET output = '[\"0.0\"]' WHERE instance_id = 'signalled'", "signalled took [\"0.0\"], but these were acknowledged")]
    [InlineData("UPDATE entities SET lock_key = 1 WHERE entity_id = '@tally@signalled'", "entities are locked")]
    [InlineData("UPDATE entities SET state = '{\"Sum\":-5,\"Bookings\":1}' WHERE entity_id = (SELECT min(entity_id) FROM entities)", "was not given to another")]
    [InlineData("DELETE FROM instances WHERE instance_id = 'transferred'", "each transfer books twice")]
    [InlineData("INSERT INTO entity_inbox (id, entity_id, message) VALUES (999, '@tally@signalled', '{}')", "messages to entities are left")]
    [InlineData("INSERT INTO activities (id, instance_key, execution, task_id, name) VALUES (999, 1, 1, 1, 'double')", "activities are left")]
    [InlineData("INSERT INTO inbox (id, instance_key, event) VALUES (999, 1, '{\"event\":\"timerFired\",\"taskId\":0}')", "messages are left")]
    [InlineData(
        "INSERT INTO history SELECT instance_key, sequence + 1000, events FROM history WHERE events LIKE '%activityCompleted%' LIMIT 1",
        "entered the history twice")]
    public async Task Inspection_StoreTamperedWith_SaysSo(string sql, string problem)
    {
        Change(sql);

        Assert.Contains(await InspectAsync(), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspection_ResultWithoutARun_SaysSo()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "activities.log"), "counted 0 0\ncounted 1 1\n");

        Assert.Equal(["counted: task 2 has a result, but the activity never ran."], await InspectAsync());
    }

    [Theory]
    [InlineData("DELETE FROM instances WHERE instance_id = 'counted'", null)]
    [InlineData("UPDATE instances SET output = '[\"0.0\"]' WHERE instance_id = 'fed'", null)]
    [InlineData("UPDATE instances SET output = '[\"1.1\"]' WHERE instance_id = 'fed'", "fed took [\"1.1\"], but these were acknowledged")]
    [InlineData("UPDATE instances SET output = '7' WHERE instance_id = 'counted'", "counted of size 3 gave 7 instead of 6")]
    public async Task InspectionAfterPowerLoss_LatestMissing_IsNoProblem(string sql, string? problem)
    {
        Change(sql);

        var found = await StoreInspection.RunAfterPowerLossAsync(_folder, All, CancellationToken.None);

        Assert.Equal(problem is null, found.Count == 0);
        Assert.All(found, line => Assert.StartsWith(problem, line, StringComparison.Ordinal));
    }

    private Task<IReadOnlyList<string>> InspectAsync() => StoreInspection.RunAsync(_folder, All, CancellationToken.None);

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "hub.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
