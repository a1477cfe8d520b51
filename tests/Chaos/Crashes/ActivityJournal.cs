using System.Text;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>The side effects of activities: a file that survives the process, one line for each run.</summary>
internal sealed class ActivityJournal(string folder) : IDisposable
{
    private const string FileName = "activities.log";

    // Unbuffered, in append mode: a line is in the kernel, whole, or it is not written.
    private readonly FileStream _file = new(Path.Combine(folder, FileName), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private readonly Lock _lock = new();

    public static IReadOnlyList<string> Read(string folder) => File.ReadAllLines(Path.Combine(folder, FileName));

    public void Append(string line)
    {
        lock (_lock)
            _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    public void Dispose() => _file.Dispose();
}
