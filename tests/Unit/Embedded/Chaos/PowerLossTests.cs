using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Tests.Chaos.Crashes;
using Serverless.Tests.Chaos.Disk;
using Serverless.Tests.Unit.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.Chaos;

/// <summary>The process dies, and with it the power: the end of the write-ahead log is lost or torn.</summary>
public sealed class PowerLossTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 20;

    /// <summary>Lines that the process has said when it is killed: some of the load is over then, some under way.</summary>
    private const int LinesBeforeTheKill = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("power-loss-").FullName;

    [Fact]
    public async Task Start_EndOfTheLogIsTorn_GoesOnFromAConsistentPrefix()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var killed = Path.Combine(_folder, "killed");
        var submissions = await RunUntilKilledAsync(killed, random);
        var log = TornLog.Read(Path.Combine(killed, "hub.db"));
        output.WriteLine($"Seed {seed}: {submissions.Count} orchestrations, {log.Length} bytes of log that may be lost.");

        HashSet<long> episodes = [];
        for (var round = 0; round < Rounds; round++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{round}")).FullName;
            foreach (var file in new[] { "hub.db", "activities.log" })
                File.Copy(Path.Combine(killed, file), Path.Combine(folder, file));
            var damage = log.WriteTorn(Path.Combine(folder, "hub.db"), random);

            episodes.Add(CountEpisodes(folder));

            await FinishAsync(folder);

            var problems = await StoreInspection.RunAfterPowerLossAsync(folder, submissions, CancellationToken.None);
            Assert.True(problems.Count == 0, $"Seed {seed}, round {round}, log {damage}: {string.Join('\n', problems.Take(10))}");
        }

        Assert.True(episodes.Count > 1 && episodes.Max() > 0, $"Seed {seed}: no damage made a difference; there are always {episodes.Max()} episodes.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<IReadOnlyCollection<Submission>> RunUntilKilledAsync(string folder, Random random)
    {
        Directory.CreateDirectory(folder);
        var ledger = new Ledger(new CrashOptions { Kills = 1, Seed = random.Next(), Open = 8 }, new Random(random.Next()));
        using var process = WorkerProcess.Start(folder);
        using var patience = new CancellationTokenSource(TestHub.Patience);
        for (var lines = 0; lines < LinesBeforeTheKill; lines++)
        {
            var line = await process.ReadAsync(patience.Token) ?? throw new InvalidOperationException($"The process ended by itself. {process.DescribeErrors()}");
            await process.SendAsync(ledger.Answer(line));
        }

        process.Kill();
        while (await process.ReadAsync(patience.Token) is { } line)
            ledger.Answer(line);
        await process.ExitedAsync(patience.Token);
        return ledger.Submissions;
    }

    /// <summary>Looks at what survived, in a copy, because whoever opens the file mends it.</summary>
    private static long CountEpisodes(string folder)
    {
        var copy = Path.Combine(folder, "copy.db");
        foreach (var suffix in new[] { "", "-wal" })
            File.Copy(Path.Combine(folder, "hub.db" + suffix), copy + suffix);
        using var connection = new SqliteConnection($"Data Source={copy};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT integrity_check, (SELECT count(*) FROM history) FROM pragma_integrity_check";
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        Assert.Equal("ok", row.GetString(0));
        return row.GetInt64(1);
    }

    /// <summary>Lets all that is there come to its end.</summary>
    private static async Task FinishAsync(string folder)
    {
        using var patience = new CancellationTokenSource(TestHub.Patience);
        using var journal = new ActivityJournal(folder);
        await using var hub = CrashWorker.CreateHub(folder, NullLoggerFactory.Instance);
        new LoadFunctions(journal).AddTo(hub);
        await hub.StartAsync(patience.Token);
        var survivors = await hub.Client.GetAllInstancesAsync().ToListAsync(patience.Token);
        foreach (var instance in survivors.Where(instance => !instance.IsCompleted && LoadKind.Named(instance.Name).TakesEvents))
            await hub.Client.RaiseEventAsync(instance.InstanceId, LoadFunctions.Item, LoadFunctions.Done, patience.Token);
        await Task.WhenAll(survivors.Select(instance => hub.Client.WaitForInstanceCompletionAsync(instance.InstanceId, patience.Token)));
        while (await LoadEntities.CountBusyAsync(hub.Client, patience.Token) > 0)
            await Task.Delay(5, patience.Token);
        await hub.DrainAsync(patience.Token);
    }
}
