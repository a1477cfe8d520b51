using System.Diagnostics;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>One life of the process under load.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int TailLength = 40;

    private readonly Process _process;
    private readonly Queue<string> _errors = [];

    private WorkerProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
    }

    public int ExitCode => _process.ExitCode;

    public static WorkerProcess Start(string folder)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(WorkerProcess).Assembly.Location, CrashWorker.Argument, folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        };
        return new WorkerProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
    }

    /// <summary>The next line; null when the process has ended and all it said was read.</summary>
    public Task<string?> ReadAsync(CancellationToken cancellationToken) => _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();

    /// <summary>Sends commands; none when the process is gone.</summary>
    public async Task SendAsync(IEnumerable<string> commands)
    {
        try
        {
            await _process.StandardInput.WriteAsync(string.Concat(commands.Select(command => command + "\n")));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException) when (_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            // Killed meanwhile: whoever reads sees the end, and the next process gets the commands that were not answered.
        }
    }

    /// <summary>kill -9, at once.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends its input, upon which it stops in order.</summary>
    public void EndInput() => _process.StandardInput.Close();

    public Task ExitedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public string DescribeErrors()
    {
        lock (_errors)
            return string.Join('\n', _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_errors)
        {
            _errors.Enqueue(line);
            if (_errors.Count > TailLength)
                _errors.Dequeue();
        }
    }
}
