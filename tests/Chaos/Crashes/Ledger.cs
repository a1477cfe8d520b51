using System.Globalization;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>What was asked of the processes and what they acknowledged. Turns each of their lines into the commands that follow from it.</summary>
internal sealed class Ledger(CrashOptions options, Random random)
{
    private readonly Dictionary<string, Submission> _submissions = [];
    private readonly List<string> _failures = [];

    public IReadOnlyCollection<Submission> Submissions => _submissions.Values;

    /// <summary>Commands that a process could not carry out; there should be none.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>No new orchestrations are asked for any more.</summary>
    public bool IsClosing { get; set; }

    /// <summary>What was asked for is acknowledged, and nothing is open.</summary>
    public bool IsSettled { get; private set; }

    public IReadOnlyList<string> Answer(string line)
    {
        switch (line.Split(' '))
        {
            case [CrashWorker.Ready]:
                return [.. Submissions.Select(Unanswered).OfType<string>(), CrashWorker.Open];
            case [CrashWorker.Start or CrashWorker.Known, var id]:
                _submissions[id].IsStarted = true;
                return Next(_submissions[id]);
            case [CrashWorker.Raise or CrashWorker.Signal, var id, var item]:
                _submissions[id].Acknowledge(item);
                return Next(_submissions[id]);
            case [CrashWorker.Open, var count]:
                return Refill(int.Parse(count, CultureInfo.InvariantCulture));
            default:
                _failures.Add(line);
                return [];
        }
    }

    /// <summary>The command that an earlier process may not have answered.</summary>
    private static string? Unanswered(Submission submission) =>
        !submission.IsStarted ? submission.StartCommand : submission.IsFed ? null : submission.NextRaiseCommand();

    private static IReadOnlyList<string> Next(Submission submission) => submission.IsFed ? [] : [submission.NextRaiseCommand()];

    private IReadOnlyList<string> Refill(int open)
    {
        IsSettled = IsClosing && open == 0 && Submissions.All(submission => submission.IsStarted && submission.IsFed);
        if (IsClosing)
            return [CrashWorker.Open];
        var added = Enumerable.Range(0, Math.Max(0, options.Open - open)).Select(_ => Draw()).ToList();
        return [.. added.Select(submission => submission.StartCommand), CrashWorker.Open];
    }

    private Submission Draw()
    {
        var kind = options.Load[_submissions.Count % options.Load.Count];
        var submission = new Submission($"{kind.Name}-{_submissions.Count}", kind, random.Next(1, kind.Largest + 1));
        _submissions.Add(submission.Id, submission);
        return submission;
    }
}
