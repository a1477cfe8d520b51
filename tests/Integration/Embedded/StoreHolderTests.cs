using System.Diagnostics;
using System.Net.Http.Json;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>Two hosts, of which one is a process of its own, with the same durable store.</summary>
public sealed class StoreHolderTests : IDisposable
{
    private const string DirectoryVariable = "STORE_HOLDER_TEST_DIRECTORY";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Functions = ["StartSum", "Sum", "Double"];

    private readonly string _directory = Directory.CreateTempSubdirectory("two-hosts-").FullName;

    [Fact]
    public async Task Start_StoreHeldByAnotherHost_IsRefusedUntilThatIsKilled()
    {
        using var first = StartHolder(_directory);
        try
        {
            await Poll.UntilTrueAsync(() => first.HasExited || File.Exists(ReadyFile(_directory)), "the first host runs", Patience);
            Assert.False(first.HasExited, "The first host ended by itself.");
            var watch = Stopwatch.StartNew();

            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
            Assert.Contains($"'{Path.Combine(_directory, "state", "TestHubName.db")}' is held by process {first.Id} (dotnet) on {Environment.MachineName}, started ", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("stop that one, or give this one a file of its own", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            first.Kill();
            await first.WaitForExitAsync();
        }

        await using var second = await StartAsync();
        Assert.True((await second.Http.PostAsJsonAsync("/api/sums/one", new[] { 1, 2 })).IsSuccessStatusCode);
        await Poll.UntilTrueAsync(() => second.Journal.Entries.Count == 2, "the second host works");
    }

    /// <summary>What the killed process runs.</summary>
    [Fact(Explicit = true)]
    [Trait("Role", "child-process")]
    public async Task Holder()
    {
        var directory = Environment.GetEnvironmentVariable(DirectoryVariable) ?? throw new InvalidOperationException($"{DirectoryVariable} is not set.");
        await using var app = await TestApp.StartAsync(null, Functions, directory: directory);
        await File.WriteAllTextAsync(ReadyFile(directory), "", TestContext.Current.CancellationToken);
        await Task.Delay(Patience, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string ReadyFile(string directory) => Path.Combine(directory, "ready");

    private Task<TestApp> StartAsync() => TestApp.StartAsync(null, Functions, directory: _directory);

    private static Process StartHolder(string directory) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { "exec", typeof(StoreHolderTests).Assembly.Location, "-explicit", "only", "-method", $"{typeof(StoreHolderTests).FullName}.{nameof(Holder)}" },
        Environment = { [DirectoryVariable] = directory },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }) ?? throw new InvalidOperationException("The process did not start.");
}
