using System.Text.Json.Serialization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>How a file is scored: <c>scoring-work/{run}/plan.json</c>. Fixed once, so that all chunks are scored by one model version.</summary>
/// <param name="Run">The scoring run.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">The version that scores: the champion when the run was planned.</param>
/// <param name="File">The file, in the version that is read.</param>
/// <param name="Header">The file's header and dialect.</param>
/// <param name="PositiveLabel">Of two classes what the output calls the positive one; else empty.</param>
/// <param name="NegativeLabel">What it calls the other; else empty.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Chunks">The parts, in the file's order.</param>
/// <param name="Reasons">How many reasons each row gets (<see cref="ReasonCodes"/>).</param>
/// <param name="Copy">What is read in the file's place, where it cannot be read in parts (<see cref="ScoringCopy"/>); else null.</param>
public sealed record ScoringPlan(
    string Run,
    string Model,
    int Version,
    DroppedFile File,
    CsvHeader Header,
    string PositiveLabel,
    string NegativeLabel,
    long Rows,
    IReadOnlyList<ScoringChunk> Chunks,
    int Reasons = 0,
    DroppedFile? Copy = null)
{
    /// <summary>What the chunks are parts of.</summary>
    [JsonIgnore]
    public DroppedFile Source => Copy ?? File;

    /// <summary>The result's name in its container.</summary>
    [JsonIgnore]
    public string OutputName => Copy is null ? File.Name : File.Name + ScoringCopy.Extension;

    /// <summary>The kind of prediction.</summary>
    public LearningTask Task { get; init; }

    /// <summary>Of several classes their names, each of which has a column of its own; null for other tasks.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether a result says what was decided: a predicted number is no decision.</summary>
    [JsonIgnore]
    public bool HasDecision => Task != LearningTask.Regression;
}

/// <summary>A part of a file: whole records.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Start">Where its first record stands.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Rows">Records in it.</param>
public sealed record ScoringChunk(int Index, CsvPosition Start, int Length, int Rows);

/// <summary>A message of the scoring queue: score this chunk of this run.</summary>
public sealed record ChunkMessage(string Run, int Chunk);

/// <summary>What a worker made of a chunk. Always: rows = scored + refused.</summary>
/// <param name="Rows">Rows in the chunk.</param>
/// <param name="Scored">Rows with a score.</param>
/// <param name="Refused">Rows without.</param>
/// <param name="Refusals">Why, for at most <see cref="MostRefusals"/> of them.</param>
public sealed record ChunkReceipt(int Rows, int Scored, int Refused, IReadOnlyList<Refusal> Refusals)
{
    /// <summary>The most refusals kept of one chunk; each row in the output has its own.</summary>
    public const int MostRefusals = 200;
}
