using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>Looks through a store that was left in order, for every promise that it may break.</summary>
internal sealed class StoreInspection(IReadOnlyDictionary<string, Submission> submissions, IReadOnlySet<string> carriedOut, bool lostPower)
{
    private static readonly IReadOnlySet<string> Results = new HashSet<string>
    {
        "activityCompleted", "activityFailed", "timerFired", "childCompleted", "childFailed",
    };

    private readonly List<string> _problems = [];

    /// <summary>Gives what is wrong, a line each.</summary>
    public static Task<IReadOnlyList<string>> RunAsync(string folder, IEnumerable<Submission> submissions, CancellationToken cancellationToken) =>
        RunAsync(folder, submissions, lostPower: false, cancellationToken);

    /// <summary>Gives what is wrong, a line each, where the latest of what was acknowledged may be missing, and that alone.</summary>
    public static Task<IReadOnlyList<string>> RunAfterPowerLossAsync(string folder, IEnumerable<Submission> submissions, CancellationToken cancellationToken) =>
        RunAsync(folder, submissions, lostPower: true, cancellationToken);

    private static async Task<IReadOnlyList<string>> RunAsync(
        string folder, IEnumerable<Submission> submissions, bool lostPower, CancellationToken cancellationToken)
    {
        // "instance task input": the history has the first two.
        var carriedOut = ActivityJournal.Read(folder).Select(line => line[..line.LastIndexOf(' ')]).ToHashSet();
        var inspection = new StoreInspection(submissions.ToDictionary(submission => submission.Id), carriedOut, lostPower);
        inspection.CheckFile(Path.Combine(folder, "hub.db"));
        await using var hub = CrashWorker.CreateHub(folder, NullLoggerFactory.Instance);
        await hub.StartAsync(cancellationToken);
        await inspection.CheckInstancesAsync(hub, cancellationToken);
        return inspection._problems;
    }

    private void CheckFile(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Expect("PRAGMA integrity_check", "ok", "the file is damaged");
        Expect("SELECT count(*) FROM inbox", "0", "messages are left though every instance is finished");
        Expect("SELECT count(*) FROM activities", "0", "activities are left though every instance is finished");
        Expect("SELECT count(*) FROM entity_inbox", "0", "messages to entities are left though all is at rest");
        Expect("SELECT count(*) FROM entities WHERE lock_key IS NOT NULL", "0", "entities are locked though every instance is finished");
        Expect(
            "SELECT coalesce(sum(state ->> '$.Sum'), 0) FROM entities WHERE entity_id LIKE '@account@%'", "0",
            "what was taken from an account was not given to another, or more than once");
        Expect(
            """
            SELECT (SELECT coalesce(sum(state ->> '$.Bookings'), 0) FROM entities WHERE entity_id LIKE '@account@%')
              - 2 * (SELECT coalesce(sum(output), 0) FROM instances WHERE name = 'transfers')
            """,
            "0", "each transfer books twice, no more and no less");

        void Expect(string sql, string expected, string problem)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            if (command.ExecuteScalar()?.ToString() is var found && found != expected)
                _problems.Add($"{sql} gives {found} instead of {expected}: {problem}.");
        }
    }

    private async Task CheckInstancesAsync(TaskHub hub, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>();
        var all = new OrchestrationQuery { FetchInputsAndOutputs = true, PageSize = 1000 };
        await foreach (var instance in hub.Client.GetAllInstancesAsync(all).WithCancellation(cancellationToken))
        {
            found.Add(instance.InstanceId);
            if (instance.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
                _problems.Add($"{instance.InstanceId} is {instance.RuntimeStatus}, not Completed: {instance.FailureDetails?.ErrorMessage}");
            if (submissions.TryGetValue(instance.InstanceId, out var submission))
                CheckOutput(submission, instance.SerializedOutput);
            if (await hub.ExportHistoryAsync(instance.InstanceId, cancellationToken) is { } history)
                CheckHistory(instance.InstanceId, history);
        }

        _problems.AddRange(submissions.Values
            .Where(submission => submission.IsStarted && !lostPower && !found.Contains(submission.Id))
            .Select(submission => $"{submission.Id} was acknowledged and is not there."));
    }

    private void CheckOutput(Submission submission, string? output)
    {
        if (!submission.Kind.TakesEvents)
        {
            if (submission.Kind.ExpectedJson(submission.Size) is var expected && output != expected)
                _problems.Add($"{submission.Id} of size {submission.Size} gave {output} instead of {expected}.");
            return;
        }

        var taken = JsonSerializer.Deserialize<string[]>(output ?? "[]") ?? [];
        var wanted = submission.Acknowledged.SkipLast(1).ToHashSet();
        if (taken.Distinct().Count() < taken.Length)
            _problems.Add($"{submission.Id} took an event twice: {output}.");
        if (lostPower ? !taken.SequenceEqual(submission.Sent.Take(taken.Length)) : !taken.Where(wanted.Contains).SequenceEqual(submission.Acknowledged.SkipLast(1)))
            _problems.Add($"{submission.Id} took {output}, but these were acknowledged, in this order: {string.Join(", ", submission.Acknowledged)}.");
        if (taken.Except(submission.Sent).Any())
            _problems.Add($"{submission.Id} took events that nobody sent: {output}.");
    }

    private void CheckHistory(string instanceId, HistoryRecording recording)
    {
        using var document = JsonDocument.Parse(recording.ToJson());
        var results = new HashSet<int>();
        foreach (var entry in document.RootElement.GetProperty("history").EnumerateArray())
        {
            var kind = entry.GetProperty("event").GetString() ?? "";
            if (!Results.Contains(kind))
                continue;
            var taskId = entry.GetProperty("taskId").GetInt32();
            if (!results.Add(taskId))
                _problems.Add($"{instanceId}: the result of task {taskId} entered the history twice, the second time as {kind}.");
            if (kind == "activityCompleted" && !carriedOut.Contains($"{instanceId} {taskId}"))
                _problems.Add($"{instanceId}: task {taskId} has a result, but the activity never ran.");
        }
    }
}
