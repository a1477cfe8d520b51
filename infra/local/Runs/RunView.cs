using System.Text.Json;

namespace Serverless.Local.Runs;

/// <summary>A run as GET /runs/{id} shows it.</summary>
public sealed record RunView
{
    public required string Id { get; init; }
    /// <summary>The orchestration's name: "TrainModel".</summary>
    public string Kind { get; init; } = "";
    public string? Model { get; init; }
    /// <summary>"Pending", "Running", "Completed", "Failed", "Terminated" or "Suspended".</summary>
    public string State { get; init; } = "";
    public string? Stage { get; init; }
    public RunProgress? Progress { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public JsonElement? Result { get; init; }
    public JsonElement? Detail { get; init; }
    public RunFailure? Failure { get; init; }

    /// <summary>Whether it will not change any more.</summary>
    public bool IsOver => State is "Completed" or "Failed" or "Terminated";

    /// <summary>How it ended, in its own words ("deployed", "rejected", "scored"); null while it runs and when it failed.</summary>
    public string? Outcome => ResultText("outcome");

    /// <summary>The metrics by name; empty while they are not known.</summary>
    public IReadOnlyDictionary<string, RunMetric> Metrics =>
        Find<Dictionary<string, RunMetric>>("metrics") ?? [];

    /// <summary>What the promotion gate decided; null while it has not.</summary>
    public RunGate? Gate => Find<RunGate>("gate");

    /// <summary>Seconds by stage; empty until the run is over.</summary>
    public IReadOnlyDictionary<string, double> Durations => Find<Dictionary<string, double>>("durations") ?? [];

    /// <summary>A member of the result as text; null when it is not there.</summary>
    public string? ResultText(string name) => Member(Result, name) is { } member ? member.ToString() : null;

    /// <summary>A member of the result as a count; null when it is not there.</summary>
    public long? ResultCount(string name) =>
        Member(Result, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var count) ? count : null;

    private T? Find<T>(string name)
        where T : class
    {
        var member = Member(Result, name) ?? Member(Detail, name);
        return member?.Deserialize<T>(RunsClient.Json);
    }

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found
        && found.TryGetProperty(name, out var member)
        && member.ValueKind is not JsonValueKind.Null
            ? member
            : null;
}

/// <summary>How much of the current stage is done.</summary>
public sealed record RunProgress(int Done, int Total, string? Of = null)
{
    /// <summary>"5/26 fits".</summary>
    public override string ToString() => $"{Done}/{Total} {Of}".TrimEnd();
}

/// <summary>Why a run failed.</summary>
public sealed record RunFailure(string Message);

/// <summary>A metric with its confidence interval.</summary>
public sealed record RunMetric(double Value, double? Low, double? High);

/// <summary>A gate's decision, with one reason per rule.</summary>
public sealed record RunGate(bool Passed, IReadOnlyList<RunGateReason> Reasons);

/// <summary>What one rule of the gate found and what it requires; numbers or text, as the rule has them.</summary>
public sealed record RunGateReason(string Rule, JsonElement? Found, JsonElement? Required, bool Passed);
