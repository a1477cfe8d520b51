using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Platform.Datasets.Contracts;

/// <summary>What each file to learn from has to keep to: <c>datasets/{model}/contract.json</c>, inferred from the first dataset, or given.</summary>
/// <param name="Model">The model it is for.</param>
/// <param name="Origin">Who made it.</param>
/// <param name="Columns">What is said of each column, by its header; columns that it does not name may come and go.</param>
public sealed record DataContract(string Model, ContractOrigin Origin, IReadOnlyDictionary<string, ColumnContract> Columns)
{
    /// <summary>SHA-256 of what it says, in lower-case hexadecimal.</summary>
    [JsonIgnore]
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Columns.OrderBy(c => c.Key, StringComparer.Ordinal), Json.Compact)));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json.Options);
}

/// <summary>Who made a contract.</summary>
public enum ContractOrigin
{
    /// <summary>The platform, from the first dataset.</summary>
    Inferred,

    /// <summary>Somebody, by dropping <c>definitions/{model}.contract.yaml</c>.</summary>
    Given,
}

/// <summary>What a column has to keep to.</summary>
/// <remarks>
/// A share (<see cref="Missing"/>, <see cref="Unseen"/>) is how much of a file is let pass: in a file within it such rows are taken, in a file beyond
/// it they are refused one by one. At 0 each of them is.
/// </remarks>
public sealed record ColumnContract
{
    public required ContractType Type { get; init; }

    /// <summary>The share of a file's values that may be missing; null: any.</summary>
    public double? Missing { get; init; }

    /// <summary>The least number; null: any.</summary>
    public double? Min { get; init; }

    /// <summary>The greatest number; null: any.</summary>
    public double? Max { get; init; }

    /// <summary>The oldest date; null: any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? Earliest { get; init; }

    /// <summary>The newest date; null: any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? Latest { get; init; }

    /// <summary>The texts that are known; null: any.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The share of a file's values that may be others than <see cref="Values"/>; null: none.</summary>
    public double? Unseen { get; init; }

    /// <summary>Whether no value may come twice in one file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Unique { get; init; }

    /// <summary>How old the newest date may be when a file is dropped; null: any age. It is never inferred.</summary>
    [JsonPropertyName(NewestWithinKey)]
    public TimeSpan? NewestWithin { get; init; }

    /// <summary>Whether a file may lack the column.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Optional { get; init; }

    internal const string NewestWithinKey = "newest-within";
}

/// <summary>What a column's values are.</summary>
public enum ContractType
{
    /// <summary>Numbers, and nothing else.</summary>
    Number,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>Dates as yyyy-MM-dd, or in another form that can be read in one way only, with or without a time after them.</summary>
    Date,
}
