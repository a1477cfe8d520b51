using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Serverless.Embedded.FunctionsWorker.Logging;

/// <summary>
/// The framework's console log with its options, formatters and filters, but written many lines at a time: the framework's own wakes a thread for each line, which
/// with two lines for each invocation costs more than serving a small HTTP request does.
/// </summary>
[ProviderAlias("Console")]
internal sealed class BatchedConsole : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);
    private readonly IOptionsMonitor<ConsoleLoggerOptions> _options;
    private readonly Dictionary<string, ConsoleFormatter> _formatters;
    private readonly ConsoleLines _output;
    private readonly ConsoleLines _error;
    private IExternalScopeProvider? _scopes;

    public BatchedConsole(IOptionsMonitor<ConsoleLoggerOptions> options, IEnumerable<ConsoleFormatter> formatters)
    {
        _options = options;
        _formatters = new Dictionary<string, ConsoleFormatter>(StringComparer.OrdinalIgnoreCase);
        foreach (var formatter in formatters)
            _formatters.TryAdd(formatter.Name, formatter);
        _output = new ConsoleLines(Console.OpenStandardOutput(), options);
        _error = new ConsoleLines(Console.OpenStandardError(), options);
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
    }

    /// <summary>Takes the place of the framework's console log where the app has it.</summary>
    public static void Replace(IServiceCollection services)
    {
        var replaced = services.Where(IsFrameworks).ToList();
        if (replaced.Count == 0)
            return;
        foreach (var provider in replaced)
            services.Remove(provider);
        services.AddSingleton<ILoggerProvider, BatchedConsole>();
        // An app that builds its host by itself may still add the framework's own afterwards; each line is to appear once.
        services.PostConfigure<LoggerFilterOptions>(options => options.Rules.Add(new LoggerFilterRule(typeof(ConsoleLoggerProvider).FullName, null, LogLevel.None, null)));
    }

    /// <summary>Takes the console log away.</summary>
    public static void Remove(IServiceCollection services)
    {
        foreach (var provider in services.Where(service => IsFrameworks(service) || service.ImplementationType == typeof(BatchedConsole)).ToList())
            services.Remove(provider);
    }

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, static (category, console) => new Logger(category, console), this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        _output.Dispose();
        _error.Dispose();
    }

    private static bool IsFrameworks(ServiceDescriptor service) =>
        service is { IsKeyedService: false } && service.ServiceType == typeof(ILoggerProvider) && service.ImplementationType == typeof(ConsoleLoggerProvider);

    private ConsoleFormatter FormatterOf(ConsoleLoggerOptions options) =>
        options.FormatterName is { } name && _formatters.TryGetValue(name, out var formatter) ? formatter : _formatters[ConsoleFormatterNames.Simple];

    // The last lines before a crash are those that are looked for.
    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs arguments)
    {
        _output.Flush();
        _error.Flush();
    }

    private sealed class Logger(string category, BatchedConsole console) : ILogger
    {
        [ThreadStatic]
        private static StringWriter? _line;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => console._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var options = console._options.CurrentValue;
            var line = _line ?? new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
            // A formatter may log as well, and then needs a writer of its own.
            _line = null;
            console.FormatterOf(options).Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), console._scopes, line);
            var text = line.GetStringBuilder();
            if (text.Length > 0)
                (logLevel >= options.LogToStandardErrorThreshold ? console._error : console._output).Add(text, urgent: logLevel >= LogLevel.Warning);
            text.Clear();
            if (text.Capacity <= 4096)
                _line = line;
        }
    }
}
