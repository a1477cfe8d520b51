using System.Diagnostics;

namespace Serverless.Tests.Benchmarks;

/// <summary>Debian's Python with the libraries that the platform is compared with.</summary>
/// <param name="Interpreter">The command.</param>
internal sealed record Python(string Interpreter)
{
    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"];

    /// <summary>The first interpreter that has the modules; null, and a word on the error stream, when none has.</summary>
    public static async Task<Python?> FindAsync(string modules, string packages, CancellationToken cancellationToken)
    {
        foreach (var python in Interpreters)
        {
            if (Array.Exists(SearchPath(python), File.Exists)
                && (await ExecuteAsync(python, ["-c", $"import {modules}"], cancellationToken)).Code == 0)
            {
                return new Python(python);
            }
        }

        await Console.Error.WriteAsync($"skipped: there is no python3 with {modules}; install {packages} … ");
        return null;
    }

    /// <summary>Runs a script that stands beside this program; returns what it printed.</summary>
    /// <exception cref="BenchmarkFailedException">It failed.</exception>
    public async Task<string> RunAsync(string script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var path = Path.Combine(AppContext.BaseDirectory, script);
        var (code, output, error) = await ExecuteAsync(Interpreter, [path, .. arguments], cancellationToken);
        return code == 0
            ? output
            : throw new BenchmarkFailedException($"{Interpreter} {path} ended with {code} and printed '{output.Trim()}'. {error.Trim()}");
    }

    private static string[] SearchPath(string command) => Path.IsPathRooted(command)
        ? [command]
        : [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, command))];

    private static async Task<(int Code, string Output, string Error)> ExecuteAsync(
        string command, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new BenchmarkFailedException($"{command} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
