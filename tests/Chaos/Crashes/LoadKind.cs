using System.Text.Json;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>A kind of orchestration that the process works on.</summary>
/// <param name="Name">The orchestrator's name.</param>
/// <param name="Largest">The largest size drawn; sizes begin at 1.</param>
/// <param name="Input">The input of an instance of a size.</param>
/// <param name="Expected">The output it must end with; null where that depends on the events it got.</param>
public sealed record LoadKind(string Name, int Largest, Func<int, object> Input, Func<int, object>? Expected)
{
    public static readonly IReadOnlyList<LoadKind> All =
    [
        new("sequential", 30, size => size, size => SumOfDoubles(size)),
        new("fan-out", 40, size => size, size => SumOfDoubles(size)),
        new("timers", 10, size => size, size => size),
        new("children", 8, size => size, size => Enumerable.Range(1, size).Sum(SumOfDoubles)),
        new("continue-as-new", 15, size => new Round(size, 0), size => SumOfDoubles(size)),
        new("retries", 15, size => size, size => SumOfDoubles(size)),
        new("transfers", 6, size => size, size => size),
        new("events", 20, size => size, null),
        new("events-continue-as-new", 20, _ => Array.Empty<string>(), null),
        new("signals", 20, size => size, null) { Signals = true },
    ];

    public static LoadKind Named(string name) => All.Single(kind => kind.Name == name);

    public bool TakesEvents => Expected is null;

    /// <value>Its events, but for the last, go to an entity, as signals. Default: false.</value>
    public bool Signals { get; init; }

    /// <summary>The output as it is stored.</summary>
    public string? ExpectedJson(int size) => Expected is null ? null : JsonSerializer.Serialize(Expected(size));

    private static int SumOfDoubles(int size) => size * (size - 1);
}

/// <summary>The input of an orchestration that continues as new: rounds to go, and the sum so far.</summary>
public sealed record Round(int Left, int Sum);
