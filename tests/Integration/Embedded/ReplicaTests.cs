using System.Diagnostics;
using Azure.Storage.Blobs;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>Several hosts of one app on one storage account, each with a state directory of its own.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ReplicaTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _name = $"r{Guid.NewGuid():n}"[..28];

    private BlobContainerClient Container => azurite.Blobs.GetBlobContainerClient(_name);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blobs_DroppedWhileReplicasComeAndGo_RunOnceEach()
    {
        var journal = new Journal();
        await Container.CreateAsync(cancellationToken: Cancelled);
        await DropAsync("before", 10);
        await using var first = await StartAsync(journal, "BlobText");
        // Started side by side, either may get the lock; it is the one that stops below which is to hold it.
        await Poll.UntilTrueAsync(() => journal.Entries.Count >= 10, "the first replica runs the blobs from before");
        await using var second = await StartAsync(journal, "BlobText");
        await DropAsync("both", 10);
        await Poll.UntilTrueAsync(() => journal.Entries.Count >= 20, "the blobs of the first part ran");

        await first.StopAsync();
        await using var third = await StartAsync(journal, "BlobText");
        await DropAsync("after", 10);
        await Poll.UntilTrueAsync(() => journal.Entries.Count >= 30, "the blobs of the second part ran");
        await DropAsync("last", 1);
        await Poll.UntilTrueAsync(() => journal.Count("last 0=0") == 1, "the last blob ran");

        Assert.Equal(31, journal.Entries.Count);
        Assert.Equal(31, journal.Entries.Distinct().Count());
        Assert.Contains(second.Log, line => line.Contains("held by another replica", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replica_Killed_LeavesBlobsAndTimersToTheOtherWhenItsLeasesHaveExpired()
    {
        await Container.CreateAsync(cancellationToken: Cancelled);
        using var first = StartProcess();
        try
        {
            await Poll.UntilTrueAsync(() => NotesAsync("ready"), "the first replica runs", Patience);
            await DropAsync("first", 1);
            await Poll.UntilTrueAsync(async () => await NotesAsync("first 0=0") && await NotesAsync("tick on time unmonitored"), "the first replica works", Patience);
            await using var second = await StartAsync(new Journal(), "BlobText", "Tick");
            await Poll.UntilTrueAsync(() => second.Log.Count(line => line.Contains("held by another replica", StringComparison.Ordinal)) == 2, "the second replica stands by");

            first.Kill();
            await first.WaitForExitAsync(Cancelled);
            var watch = Stopwatch.StartNew();
            await DropAsync("second", 1);

            // A lease of 15 s, renewed halfway, and a look every 15 s.
            await Poll.UntilTrueAsync(() => second.Journal.Count("second 0=0") == 1, "the second replica took over the blobs", TimeSpan.FromSeconds(35));
            var blobs = watch.Elapsed;
            await Poll.UntilTrueAsync(() => second.Journal.Count("tick on time unmonitored") > 0, "the second replica took over the timer", TimeSpan.FromSeconds(35) - blobs);
            TestContext.Current.SendDiagnosticMessage($"Blobs were taken over {blobs.TotalSeconds:0.0} s after the kill, the timer {watch.Elapsed.TotalSeconds:0.0} s after it");
            Assert.Equal(0, second.Journal.Count("first 0=0"));
        }
        finally
        {
            if (!first.HasExited)
                first.Kill();
        }
    }

    private async Task DropAsync(string name, int count)
    {
        for (var number = 0; number < count; number++)
            await Container.GetBlobClient($"{name} {number}").UploadAsync(BinaryData.FromString($"{number}"), Cancelled);
    }

    private async Task<bool> NotesAsync(string entry) => await azurite.Blobs.GetBlobContainerClient($"{_name}-notes").GetBlobClient(entry).ExistsAsync(Cancelled);

    private Task<TestApp> StartAsync(Journal journal, params string[] functions) => TestApp.StartAsync(azurite, functions, SettingsOf(_name), journal: journal);

    private Process StartProcess() => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { "exec", typeof(ReplicaProcess).Assembly.Location, "-explicit", "only", "-method", $"{typeof(ReplicaProcess).FullName}.{nameof(ReplicaProcess.Run)}" },
        Environment = { [ReplicaProcess.NameVariable] = _name, [ReplicaProcess.ConnectionVariable] = azurite.ConnectionString },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }) ?? throw new InvalidOperationException("The process did not start.");

    internal static Dictionary<string, string> SettingsOf(string name) => new()
    {
        ["container"] = name,
        ["schedule"] = "* * * * * *",
        ["AzureFunctionsWebHost:hostId"] = name,
        ["AzureFunctionsJobHost:singleton:listenerLockPeriod"] = "00:00:15",
        ["AzureFunctionsJobHost:singleton:listenerLockRecoveryPollingInterval"] = "00:00:15",
    };
}

/// <summary>What the killed process runs; it tells what it does by blobs.</summary>
public sealed class ReplicaProcess
{
    internal const string NameVariable = "REPLICA_TEST_NAME";
    internal const string ConnectionVariable = "REPLICA_TEST_CONNECTION";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    [Fact(Explicit = true)]
    [Trait("Role", "child-process")]
    public async Task Run()
    {
        var (name, connection) = (Environment.GetEnvironmentVariable(NameVariable), Environment.GetEnvironmentVariable(ConnectionVariable));
        if (name is null || connection is null)
            throw new InvalidOperationException($"{NameVariable} and {ConnectionVariable} are not set.");
        var notes = new BlobContainerClient(connection, $"{name}-notes");
        await notes.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        var journal = new Journal { Act = (entry, cancellationToken) => notes.GetBlobClient(entry).UploadAsync(BinaryData.FromString(""), overwrite: true, cancellationToken) };
        await using var app = await TestApp.StartAtAsync(connection, ["BlobText", "Tick"], ReplicaTests.SettingsOf(name), journal: journal);
        await journal.NoteAsync("ready", TestContext.Current.CancellationToken);
        await Task.Delay(Lifetime, TestContext.Current.CancellationToken);
    }
}
