using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Embedded.Processes;

/// <summary>How to start a child process.</summary>
public sealed record ChildCommand
{
    /// <summary>What people call it: "Azurite".</summary>
    public required string Name { get; init; }
    public required string FileName { get; init; }
    public required IReadOnlyList<string> Arguments { get; init; }
    public required string WorkingDirectory { get; init; }
    /// <summary>Standard output and error are appended here; the folder is created.</summary>
    public required string LogFile { get; init; }
    /// <summary>Set beside the environment of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// A process of ours that writes to a log file. It has its own session, so that Ctrl-C reaches only us and we end it in order,
/// and it gets SIGTERM when we die without doing so (where util-linux is there).
/// </summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const int TailBytes = 64 * 1024;
    private readonly Process _process;
    private readonly ChildCommand _command;
    private readonly long _logStart;

    private ChildProcess(ChildCommand command)
    {
        _command = command;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(command.LogFile))!);
        _logStart = File.Exists(command.LogFile) ? new FileInfo(command.LogFile).Length : 0;
        _process = StarterThread.Start(StartInfo(command));
        Exited = _process.WaitForExitAsync(CancellationToken.None);
    }

    public int Id => _process.Id;

    /// <summary>Completes when the process has ended, however it ended.</summary>
    public Task Exited { get; }

    public static ChildProcess Start(ChildCommand command) => new(command);

    /// <summary>Asks the process to end and waits; kills it when it has not ended after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        Terminate();
        try
        {
            await Exited.WaitAsync(grace, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await KillAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        if (!_process.HasExited)
            _ = SendSignal(_process.Id, Sigterm);
    }

    /// <summary>Sends SIGKILL (kill -9) and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await Exited.ConfigureAwait(false);
    }

    /// <summary>What this process has written so far, at most the last 64 KiB.</summary>
    public string ReadLog()
    {
        if (!File.Exists(_command.LogFile))
            return "";
        using var log = new FileStream(_command.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(Math.Max(_logStart, log.Length - TailBytes), SeekOrigin.Begin);
        using var reader = new StreamReader(log, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>What to tell people when the process ended by itself: its exit code, the end of its log, the log's place.</summary>
    public string DescribeExit()
    {
        var lines = ReadLog().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', [
            $"{_command.Name} ended with exit code {_process.ExitCode}. The end of {_command.LogFile}:",
            .. lines.TakeLast(20).Select(line => "  " + line)]);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(ChildCommand command)
    {
        List<string> line = [
            .. Wrapper("setpriv", "--pdeathsig", "TERM", "--"),
            .. Wrapper("setsid"),
            "/bin/sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", command.LogFile];
        var start = new ProcessStartInfo(line[0]) { WorkingDirectory = command.WorkingDirectory, UseShellExecute = false };
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;

        // A shell drops the variables that it could not name itself, such as AzureWebJobs.{function}.Disabled; env hands them on.
        var dropped = start.Environment.Where(variable => !ShellName().IsMatch(variable.Key)).Select(variable => $"{variable.Key}={variable.Value}").ToList();
        string[] restored = dropped.Count == 0 ? [] : ["/usr/bin/env", .. dropped];
        foreach (var argument in line.Skip(1).Concat(restored).Append(command.FileName).Concat(command.Arguments))
            start.ArgumentList.Add(argument);
        return start;
    }

    private static IEnumerable<string> Wrapper(string program, params string[] arguments) =>
        File.Exists($"/usr/bin/{program}") ? [$"/usr/bin/{program}", .. arguments] : [];

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ShellName();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);

    /// <summary>
    /// Starts all children from one thread that lives as long as this process: the kernel sends the "parent died" signal
    /// when the starting thread ends, and a pool thread may end at any time.
    /// </summary>
    private static class StarterThread
    {
        private static readonly BlockingCollection<Action> Work = Run();

        public static Process Start(ProcessStartInfo start)
        {
            var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
            Work.Add(() =>
            {
                try
                {
                    started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
                }
                catch (Exception exception)
                {
                    started.SetException(exception);
                }
            });
            return started.Task.GetAwaiter().GetResult();
        }

        private static BlockingCollection<Action> Run()
        {
            var work = new BlockingCollection<Action>();
            new Thread(() =>
            {
                foreach (var action in work.GetConsumingEnumerable())
                    action();
            })
            { IsBackground = true, Name = "Child process starter" }.Start();
            return work;
        }
    }
}
