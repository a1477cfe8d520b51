using System.Text;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>
/// Names this replica of the app, in a file of its state's folder that is locked while it runs. A process started anew after a crash finds the name, and with it its locks, at once.
/// </summary>
internal sealed partial class ReplicaIdentity(HostSettings settings, ILoggerFactory loggers) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _directory = settings.Embedded.StateDirectory;
    private FileStream? _file;
    private Guid? _id;

    /// <summary>The name; the file is opened when it is first asked for.</summary>
    public Guid Id
    {
        get
        {
            lock (_lock)
                return _id ??= Open();
        }
    }

    public void Dispose() => _file?.Dispose();

    private Guid Open()
    {
        var path = Path.Combine(_directory, "replica.id");
        try
        {
            Directory.CreateDirectory(_directory);
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return ReadOrWrite(_file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Another process of the folder has it, or nothing can be written there: the name is then good for this run alone.
            LogOfThisRun(loggers.CreateLogger("Host"), path, refused.Message);
            return Guid.NewGuid();
        }
    }

    private static Guid ReadOrWrite(FileStream file)
    {
        Span<byte> content = stackalloc byte[36];
        if (file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length && Guid.TryParse(Encoding.ASCII.GetString(content), out var known))
            return known;
        var id = Guid.NewGuid();
        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(id.ToString()));
        file.Flush(flushToDisk: true);
        return id;
    }

    [LoggerMessage(80, LogLevel.Information, "{Path} cannot be used ({Reason}): after a crash, this replica's timers and blob triggers wait until its locks have expired")]
    private static partial void LogOfThisRun(ILogger logger, string path, string reason);
}
