using System.Text;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Serverless.Embedded.FunctionsWorker.Logging;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class ConsoleLinesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Add_FromManyThreads_WritesEachLineOnceAndEachThreadsInOrder()
    {
        var console = new RecordedConsole();
        using (var lines = new ConsoleLines(console, Options()))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
            {
                for (var line = 0; line < 5_000; line++)
                    lines.Add(new StringBuilder($"{thread} {line}\n"), urgent: line % 100 == 0);
            })));
        }

        var written = console.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        Assert.Equal(20_000, written.Count);
        foreach (var thread in written.GroupBy(line => line[0]))
            Assert.Equal(Enumerable.Range(0, 5_000).Select(line => $"{line}"), thread.Select(line => line[1]));
        Assert.True(console.Writes < 10_000, $"{console.Writes} writes");
    }

    [Fact]
    public async Task Add_OneLine_IsWrittenWithoutAnother()
    {
        var console = new RecordedConsole();
        using var lines = new ConsoleLines(console, Options());

        lines.Add(new StringBuilder("ä one\n"), urgent: false);

        await console.Wrote.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("ä one\n", console.Text);
    }

    [Fact]
    public async Task Add_ConsoleTakesNothing_WaitsAndThenWritesAll()
    {
        var console = new RecordedConsole();
        using var lines = new ConsoleLines(console, Options(options => options.MaxQueueLength = 2));
        console.Gate.Reset();

        var adding = Task.Run(
            () =>
            {
                for (var line = 0; line < 10; line++)
                    lines.Add(new StringBuilder($"{line}\n"), urgent: false);
            },
            TestContext.Current.CancellationToken);
        await console.Wrote.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(adding.IsCompleted);
        console.Gate.Set();
        await adding.WaitAsync(Patience, TestContext.Current.CancellationToken);
        lines.Dispose();

        Assert.Equal(Enumerable.Range(0, 10).Select(line => $"{line}"), console.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Add_ConsoleTakesNothingAndLinesMayBeDropped_SaysHowMany()
    {
        var console = new RecordedConsole();
        var lines = new ConsoleLines(console, Options(options =>
        {
            options.MaxQueueLength = 2;
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        }));
        console.Gate.Reset();
        lines.Add(new StringBuilder("first\n"), urgent: true);
        await console.Wrote.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        for (var line = 0; line < 5; line++)
            lines.Add(new StringBuilder($"{line}\n"), urgent: false);
        console.Gate.Set();
        lines.Dispose();

        Assert.StartsWith("first\n0\n1\n3 lines were dropped", console.Text, StringComparison.Ordinal);
    }

    private static OptionsMonitor<ConsoleLoggerOptions> Options(Action<ConsoleLoggerOptions>? configure = null) => new(
        new OptionsFactory<ConsoleLoggerOptions>(configure is null ? [] : [new ConfigureOptions<ConsoleLoggerOptions>(configure)], []), [], new OptionsCache<ConsoleLoggerOptions>());

    /// <summary>A console whose reader may be made to stop reading.</summary>
    private sealed class RecordedConsole : MemoryStream
    {
        public ManualResetEventSlim Gate { get; } = new(initialState: true);

        public TaskCompletionSource Wrote { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Writes { get; private set; }

        public string Text => Encoding.UTF8.GetString(ToArray());

        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            Writes++;
            Wrote.TrySetResult();
            Gate.Wait();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);
    }
}
