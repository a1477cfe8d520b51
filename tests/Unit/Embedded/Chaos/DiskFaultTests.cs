using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask;
using Serverless.Tests.Chaos.Crashes;
using Serverless.Tests.Chaos.Disk;
using Serverless.Tests.Unit.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.Chaos;

/// <summary>The store's disk fails, below SQLite, and comes back.</summary>
public sealed class DiskFaultTests : IDisposable
{
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMilliseconds(300);

    private readonly string _folder = Directory.CreateTempSubdirectory("disk-fault-").FullName;
    private readonly FaultyDisk _disk;
    private readonly ActivityJournal _journal;
    private readonly ErrorLog _errors = new();
    private readonly ILoggerFactory _loggers;

    public DiskFaultTests()
    {
        _disk = new FaultyDisk(_folder);
        _journal = new ActivityJournal(_folder);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_errors));
    }

    [Theory]
    [InlineData(DiskOperation.Lock, DiskFault.Busy)]
    [InlineData(DiskOperation.Read, DiskFault.ReadError)]
    [InlineData(DiskOperation.Write, DiskFault.WriteError)]
    [InlineData(DiskOperation.Write, DiskFault.TornWrite)]
    [InlineData(DiskOperation.Write, DiskFault.Full)]
    [InlineData(DiskOperation.Sync, DiskFault.SyncError)]
    public async Task Work_DiskFailsNowAndThen_LosesAndDoublesNothing(DiskOperation operation, DiskFault fault)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var submissions = LoadClient.Draw(4, seed);
        await using (var hub = await StartAsync())
        {
            using var patience = new CancellationTokenSource(TestHub.Patience);
            var work = new LoadClient(hub.Client).RunAsync(submissions, patience.Token);
            for (var burst = 0; burst < 5 && !work.IsCompleted; burst++)
            {
                await BreakForAMomentAsync(operation, fault, random);
                await Task.WhenAny(work, Task.Delay(random.Next(40)));
            }

            Assert.True(await EndsAsync(work), $"Seed {seed}: not finished. {work.Exception?.InnerException?.Message} {string.Join('\n', _errors.Lines.Take(10))}");
        }

        Assert.True(_disk.Faults > 0, $"Seed {seed}: nothing failed.");
        var problems = await StoreInspection.RunAsync(_folder, submissions, CancellationToken.None);
        Assert.True(problems.Count == 0, $"Seed {seed}: {string.Join('\n', problems)}");
    }

    [Fact]
    public async Task Schedule_DiskFull_WaitsUntilThereIsRoom()
    {
        var submission = new Submission("one", LoadKind.Named("sequential"), 5);
        await using (var hub = await StartAsync())
        {
            _disk.Break(DiskOperation.Write, DiskFault.Full);
            var work = new LoadClient(hub.Client).RunAsync([submission], CancellationToken.None);
            await Poll.UntilTrueAsync(() => _disk.Faults > 0, () => "Nothing was written.");
            Assert.False(submission.IsStarted);
            _disk.Mend();
            await work.WaitAsync(TestHub.Patience);
        }

        Assert.Empty(await StoreInspection.RunAsync(_folder, [submission], CancellationToken.None));
    }

    [Fact]
    public async Task Schedule_DiskFullAndTheTokenFires_StopsWaiting()
    {
        await using var hub = await StartAsync();
        _disk.Break(DiskOperation.Write, DiskFault.Full);
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => hub.Client.ScheduleNewOrchestrationInstanceAsync("sequential", 1, impatience.Token).WaitAsync(TestHub.Patience));
        _disk.Mend();
    }

    [Fact]
    public async Task Work_DiskFullForSeconds_LogsFewErrorsThatSayWhatToDo()
    {
        await using var hub = await StartAsync();
        var submissions = LoadClient.Draw(4, seed: 1);
        var work = new LoadClient(hub.Client).RunAsync(submissions, CancellationToken.None);
        await Poll.UntilTrueAsync(() => submissions.All(submission => submission.IsStarted), () => "The load was not started.");

        _disk.Break(DiskOperation.Write, DiskFault.Full);
        await Task.Delay(TimeSpan.FromSeconds(3));
        _disk.Mend();
        await work.WaitAsync(TestHub.Patience);

        Assert.InRange(_errors.Lines.Count, 1, 10);
        Assert.All(_errors.Lines, error => Assert.Contains("Look whether the disk is full", error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_DiskFails_SaysSoAndLeavesTheStoreToTheNextStart()
    {
        await (await StartAsync()).DisposeAsync();
        _disk.Break(DiskOperation.Open, DiskFault.CannotOpen);
        await Assert.ThrowsAsync<IOException>(StartAsync);
        _disk.Break(DiskOperation.Read, DiskFault.ReadError);
        await Assert.ThrowsAsync<IOException>(StartAsync);
        _disk.Mend();

        await using var hub = await StartAsync();
        await new LoadClient(hub.Client).RunAsync([new Submission("one", LoadKind.Named("sequential"), 5)], CancellationToken.None).WaitAsync(TestHub.Patience);
    }

    [Fact]
    public async Task GetInstance_DiskCannotBeRead_SaysWhatToLookAt()
    {
        await using var hub = await StartAsync();
        _disk.Break(DiskOperation.Read, DiskFault.ReadError);

        var failure = await Assert.ThrowsAsync<IOException>(() => hub.Client.GetInstanceAsync("one"));

        _disk.Mend();
        Assert.Contains($"'{Path.Combine(_folder, "hub.db")}' could not be read", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Look whether its disk is full or faulty", failure.Message, StringComparison.Ordinal);
        Assert.Null(await hub.Client.GetInstanceAsync("one"));
    }

    public void Dispose()
    {
        _disk.Dispose();
        _journal.Dispose();
        _loggers.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> EndsAsync(Task work)
    {
        await ((Task)Task.WhenAny(work)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return work.IsCompletedSuccessfully;
    }

    private async Task BreakForAMomentAsync(DiskOperation operation, DiskFault fault, Random random)
    {
        var (before, wanted, chance) = (_disk.Faults, random.Next(1, 6), 0.2 + (0.8 * random.NextDouble()));
        _disk.Break(access => access.Operation == operation && Random.Shared.NextDouble() < chance ? fault : DiskFault.None);
        var watch = Stopwatch.StartNew();
        while (_disk.Faults < before + wanted && watch.Elapsed < LongestBreak)
            await Task.Delay(2);
        _disk.Mend();
    }

    private async Task<TaskHub> StartAsync()
    {
        var hub = CrashWorker.CreateHub(_folder, _loggers, HubDurability.PowerLoss);
        new LoadFunctions(_journal).AddTo(hub);
        try
        {
            await hub.StartAsync(CancellationToken.None);
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is logged as an error.</summary>
    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                _lines.Enqueue(formatter(state, exception));
        }

        public void Dispose() => _lines.Clear();
    }
}
