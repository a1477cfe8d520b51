namespace Serverless.Tests.Chaos.Crashes;

/// <summary>What a crash run does. The same seed draws the same kills and the same load; how far the process comes before each is up to the machine.</summary>
public sealed record CrashOptions
{
    public required int Kills { get; init; }

    public required int Seed { get; init; }

    /// <value>Default: all kinds.</value>
    public IReadOnlyList<LoadKind> Load { get; init; } = LoadKind.All;

    /// <value>Orchestrations that are kept unfinished at a time. Default: 40.</value>
    public int Open { get; init; } = 40;

    /// <value>How long the last process may take to finish what is open. Default: 2 minutes.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);
}
