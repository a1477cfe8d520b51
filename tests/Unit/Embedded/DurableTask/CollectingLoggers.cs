using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>Keeps what is logged, by category.</summary>
internal sealed class CollectingLoggers : ILoggerFactory
{
    private readonly ConcurrentQueue<(string Category, string Line)> _lines = [];

    public IReadOnlyList<string> LinesOf(string category) => [.. _lines.Where(entry => entry.Category == category).Select(entry => entry.Line)];

    public ILogger CreateLogger(string categoryName) => new Collector(categoryName, _lines);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Collector(string category, ConcurrentQueue<(string, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((category, formatter(state, exception)));
    }
}
