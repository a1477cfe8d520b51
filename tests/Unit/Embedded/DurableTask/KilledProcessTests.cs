using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>The work of <see cref="CrashTests"/> in a process of its own, which is killed.</summary>
public sealed class KilledProcessTests
{
    private const string FolderVariable = "KILLED_PROCESS_TEST_FOLDER";

    [Fact]
    public async Task Kill_AtManyPoints_EndsWithTheUndisturbedResult()
    {
        await using var undisturbed = await CrashTests.Busy(1000).StartAsync();
        var expected = await undisturbed.RunAsync("everything", 30, "run");
        await using var disturbed = await CrashTests.Busy(1000).StartAsync();
        await disturbed.ScheduleAsync("everything", 30, "run");
        await disturbed.Hub.AbortAsync();

        var random = new Random(7);
        for (var kill = 0; kill < 3; kill++)
            await RunAndKillAsync(disturbed, random.Next(5, 200));
        await disturbed.StartAsync();

        Assert.False((await disturbed.Client.GetInstanceAsync("run"))?.IsCompleted, "The run was over before the last kill.");
        var result = await disturbed.CompletionAsync("run");
        Assert.Equal((expected.RuntimeStatus, expected.SerializedOutput), (result.RuntimeStatus, result.SerializedOutput));
        Assert.Equal(CrashTests.Scheduled(undisturbed), CrashTests.Scheduled(disturbed));
    }

    /// <summary>What the killed process runs.</summary>
    [Fact(Explicit = true)]
    [Trait("Role", "child-process")]
    public async Task Worker()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} is not set.");
        var hub = await CrashTests.Busy(1000, folder).StartAsync();
        await hub.CompletionAsync("run");
    }

    private static async Task RunAndKillAsync(TestHub hub, int steps)
    {
        var before = Progress(hub);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", typeof(KilledProcessTests).Assembly.Location, "-explicit", "only", "-method", $"{typeof(KilledProcessTests).FullName}.{nameof(Worker)}" },
            Environment = { [FolderVariable] = hub.Folder },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        try
        {
            await Poll.UntilAsync(
                () => process.HasExited || Progress(hub) >= before + steps,
                () => "The process did not get on with its work.");
            Assert.False(process.HasExited, "The process ended by itself.");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static long Progress(TestHub hub)
    {
        using var connection = new SqliteConnection($"Data Source={hub.DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT 1000 * execution + (SELECT count(*) FROM history WHERE instance_key = key) FROM instances WHERE instance_id = 'run'
            """;
        return (long)(command.ExecuteScalar() ?? 0L);
    }
}
