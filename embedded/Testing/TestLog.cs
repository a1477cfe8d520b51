using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Testing;

/// <summary>One thing that the app or its host logged.</summary>
/// <param name="At">When, by the app's clock.</param>
/// <param name="Category">The logger's name: <c>Function.{name}</c> for functions.</param>
/// <param name="Message">With its values filled in.</param>
public sealed record TestLogEntry(DateTimeOffset At, LogLevel Level, string Category, string Message, Exception? Exception)
{
    public override string ToString() => $"{At:HH:mm:ss.fff} {Level} {Category}: {Message}{(Exception is null ? "" : $" [{Exception}]")}";
}

/// <summary>What the app and its host logged, restarts included; the level is that of host.json and the settings.</summary>
public sealed class TestLog
{
    private const int Kept = 20_000;
    private const int TailLines = 40;

    private readonly ConcurrentQueue<TestLogEntry> _entries = new();

    internal TestLog()
    {
    }

    /// <summary>The last 20,000, oldest first.</summary>
    public IReadOnlyCollection<TestLogEntry> Entries => _entries;

    /// <summary>Whether a message, or the exception with it, holds this text; letter case counts.</summary>
    public bool Contains(string text) => _entries.Any(entry => entry.ToString().Contains(text, StringComparison.Ordinal));

    /// <summary>The last lines.</summary>
    public override string ToString() => string.Join(Environment.NewLine, _entries.TakeLast(TailLines));

    internal void Add(TestLogEntry entry)
    {
        _entries.Enqueue(entry);
        if (_entries.Count > Kept)
            _entries.TryDequeue(out _);
    }
}

[ProviderAlias("Test")]
internal sealed class TestLogProvider(TestLog log, TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, log, time);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, TestLog log, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add(new TestLogEntry(time.GetUtcNow(), logLevel, category, formatter(state, exception), exception));
    }
}
