using System.Text;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Serverless.Embedded.FunctionsWorker.Logging;

/// <summary>
/// Lines on their way to a console. A first line is written at once; those that follow within some milliseconds are written together, unless one of them is urgent.
/// </summary>
internal sealed class ConsoleLines : IDisposable
{
    /// <summary>The longest that a line waits for others.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly StreamWriter _console;
    private readonly IOptionsMonitor<ConsoleLoggerOptions> _options;
    private readonly object _lock = new();
    private readonly Lock _writing = new();
    private Thread? _writer;
    private StringBuilder _waiting = new();
    private StringBuilder _spare = new();
    private int _lines;
    private int _dropped;
    private bool _urgent;
    private bool _stopping;

    public ConsoleLines(Stream console, IOptionsMonitor<ConsoleLoggerOptions> options)
    {
        // The console's own writer passes on 256 characters at a time.
        _console = new StreamWriter(console, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 15);
        _options = options;
    }

    /// <summary>Adds a line, its end included. Where too many wait, it waits itself or is dropped and counted, as the console's options say.</summary>
    public void Add(StringBuilder line, bool urgent)
    {
        var options = _options.CurrentValue;
        lock (_lock)
        {
            while (_lines >= options.MaxQueueLength && !_stopping)
            {
                if (options.QueueFullMode == ConsoleLoggerQueueFullMode.DropWrite)
                {
                    _dropped++;
                    return;
                }

                _urgent = true;
                Monitor.PulseAll(_lock);
                Monitor.Wait(_lock);
            }

            _waiting.Append(line);
            _lines++;
            if (_stopping)
                return;
            _writer ??= Start();
            if (_lines > 1 && (!urgent || _urgent))
                return;
            _urgent |= urgent;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Writes what waits, on the caller's thread.</summary>
    public void Flush()
    {
        // Batches are taken and written under one lock, so that they come in order.
        lock (_writing)
        {
            StringBuilder batch;
            lock (_lock)
            {
                if (_dropped > 0)
                    _waiting.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{_dropped} lines were dropped, for the console takes none as fast as they come.");
                (batch, _waiting) = (_waiting, _spare);
                _lines = 0;
                _dropped = 0;
                _urgent = false;
                Monitor.PulseAll(_lock);
            }

            try
            {
                foreach (var chunk in batch.GetChunks())
                    _console.Write(chunk.Span);
                _console.Flush();
            }
            catch (IOException)
            {
                // Nobody reads the console any more; the app goes on without it, as with the framework's own.
            }

            batch.Clear();
            _spare = batch.Capacity <= 1 << 20 ? batch : new StringBuilder();
        }
    }

    /// <summary>Writes what waits; a console that takes nothing is given two seconds.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping)
                return;
            _stopping = true;
            Monitor.PulseAll(_lock);
        }

        _writer?.Join(StopPatience);
        // The stream is the process's, and stays open.
    }

    private Thread Start()
    {
        var writer = new Thread(Write) { IsBackground = true, Name = "Console log" };
        writer.Start();
        return writer;
    }

    private void Write()
    {
        while (true)
        {
            bool last;
            lock (_lock)
            {
                while (_lines == 0 && !_stopping)
                    Monitor.Wait(_lock);
                last = _stopping;
            }

            Flush();
            if (last)
                return;
            lock (_lock)
            {
                var until = Environment.TickCount64 + (long)Linger.TotalMilliseconds;
                while (!_urgent && !_stopping && until - Environment.TickCount64 is > 0 and var rest)
                    Monitor.Wait(_lock, (int)rest);
            }
        }
    }
}
