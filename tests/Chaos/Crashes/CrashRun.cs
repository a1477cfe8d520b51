using System.Diagnostics;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>
/// Puts a process under load, kills it at random moments, starts it again, and in the end lets it finish: then everything it ever
/// acknowledged must be there, done, and right.
/// </summary>
public sealed class CrashRun
{
    private const int LongestLifeMilliseconds = 600;
    private const int ShortestLifeMilliseconds = 20;
    private const int LongestStartMilliseconds = 300;
    private const int ProgressEvery = 20;

    /// <summary>128 + SIGKILL.</summary>
    private const int ExitCodeOfKill = 137;

    /// <summary>One kill in so many hits a process that is still starting, and so perhaps recovering the store.</summary>
    private const int KillsPerKillAtStart = 4;

    private readonly CrashOptions _options;
    private readonly Action<string> _progress;
    private readonly string _folder;
    private readonly Random _random;
    private readonly Ledger _ledger;
    private readonly List<string> _problems = [];
    private int _killsAtStart;

    private CrashRun(CrashOptions options, Action<string> progress, string folder)
    {
        (_options, _progress, _folder) = (options, progress, folder);
        _random = new Random(options.Seed);
        _ledger = new Ledger(options, new Random(_random.Next()));
    }

    /// <summary>Makes one run in a folder of its own, which is kept when a promise was broken.</summary>
    public static async Task<CrashReport> RunAsync(CrashOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("crash-run-").FullName;
        progress($"{options.Kills} kills, seed {options.Seed}, load {string.Join(", ", options.Load.Select(kind => kind.Name))}");
        var report = await new CrashRun(options, progress, folder).RunAsync(cancellationToken);
        if (report.Problems.Count == 0)
            Directory.Delete(folder, recursive: true);
        else
            progress($"The store is kept: {folder}");
        return report;
    }

    private async Task<CrashReport> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        for (var kill = 1; kill <= _options.Kills && _problems.Count == 0; kill++)
        {
            await LiveAndDieAsync(cancellationToken);
            if (kill % ProgressEvery == 0)
                _progress($"{kill} kills after {watch.Elapsed.TotalSeconds:0} s: {_ledger.Submissions.Count(submission => submission.IsStarted)} orchestrations acknowledged");
        }

        if (_problems.Count == 0)
            await FinishAsync(cancellationToken);
        if (_problems.Count == 0)
            _problems.AddRange(await StoreInspection.RunAsync(_folder, _ledger.Submissions, cancellationToken));

        var runs = ActivityJournal.Read(_folder);
        var activities = runs.Distinct().Count();
        return new CrashReport(
            _options.Seed, _options.Kills, _killsAtStart,
            _ledger.Submissions.Count(submission => submission.IsStarted), _ledger.Submissions.Sum(submission => submission.Acknowledged.Count),
            activities, runs.Count - activities, watch.Elapsed, [.. _ledger.Failures, .. _problems]);
    }

    /// <summary>One process, from its start to its kill.</summary>
    private async Task LiveAndDieAsync(CancellationToken cancellationToken)
    {
        using var process = WorkerProcess.Start(_folder);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (isAtStart, moment) = _random.Next(KillsPerKillAtStart) == 0
            ? (true, _random.Next(LongestStartMilliseconds))
            : (false, _random.Next(ShortestLifeMilliseconds, LongestLifeMilliseconds));
        var death = isAtStart ? KillAfterAsync(process, moment, ended.Token) : null;
        var isReady = false;
        while (await process.ReadAsync(cancellationToken) is { } line)
        {
            // Its time runs from its first answer on: on a busy machine no process would else come to do anything.
            if (line != CrashWorker.Ready)
                death ??= KillAfterAsync(process, moment, ended.Token);
            isReady = true;
            await process.SendAsync(_ledger.Answer(line));
        }

        await process.ExitedAsync(cancellationToken);
        await ended.CancelAsync();
        if (death is not null)
            await death;
        if (process.ExitCode != ExitCodeOfKill)
            _problems.Add($"The process ended with exit code {process.ExitCode} before it was killed. It wrote:\n{process.DescribeErrors()}");
        if (!isReady)
            _killsAtStart++;
    }

    private static async Task KillAfterAsync(WorkerProcess process, int milliseconds, CancellationToken ended)
    {
        await Task.Delay(milliseconds, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Kill();
    }

    /// <summary>The last process may finish what is open, and must then end in order.</summary>
    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        _ledger.IsClosing = true;
        using var process = WorkerProcess.Start(_folder);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Patience);
        try
        {
            while (!_ledger.IsSettled && await process.ReadAsync(patience.Token) is { } line)
                await process.SendAsync(_ledger.Answer(line));
            process.EndInput();
            await process.ExitedAsync(patience.Token);
            if (process.ExitCode != 0)
                _problems.Add($"The last process ended with exit code {process.ExitCode}. It wrote:\n{process.DescribeErrors()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            await process.ExitedAsync(cancellationToken);
            _problems.Add($"What was open was not finished within {_options.Patience}. The process wrote:\n{process.DescribeErrors()}");
            _problems.AddRange(await StoreInspection.RunAsync(_folder, _ledger.Submissions, cancellationToken));
        }
    }
}
