namespace Serverless.Platform.Storage;

/// <summary>The blob containers, and the queue, that make up the platform's state. Users write to the first four; the platform to the rest.</summary>
public static class Containers
{
    /// <summary><c>{model}.yaml</c>: what to learn, and by which policy.</summary>
    public const string Definitions = "definitions";

    /// <summary><c>{model}/…</c>: files to learn from.</summary>
    public const string TrainingData = "training-data";

    /// <summary><c>{model}/…</c>: files to score.</summary>
    public const string ScoringInput = "scoring-input";

    /// <summary><c>{model}/…</c>: scored files, of the same name as their input.</summary>
    public const string ScoringOutput = "scoring-output";

    /// <summary><c>{model}/{version}/</c>: curated Parquet, profile, manifest.</summary>
    public const string Datasets = "datasets";

    /// <summary><c>{model}/versions/{n}/</c> and <c>{model}/deployment.json</c>: the registry.</summary>
    public const string Models = "models";

    /// <summary>What was refused, beside a report that says why.</summary>
    public const string Quarantine = "quarantine";

    /// <summary><c>{container}/{blob}</c>: which version of each dropped file a run was started for.</summary>
    public const string Ledger = "ledger";

    /// <summary><c>{run}/</c>: plan and receipts of files being scored; deleted once the result is published.</summary>
    public const string ScoringWork = "scoring-work";

    /// <summary>The queue of chunks to score.</summary>
    public const string ScoringChunksQueue = "scoring-chunks";

    public static IReadOnlyList<string> All { get; } =
        [Definitions, TrainingData, ScoringInput, ScoringOutput, Datasets, Models, Quarantine, Ledger, ScoringWork];
}
