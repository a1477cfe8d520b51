using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>What a dataset is made of: <c>manifest.json</c>.</summary>
/// <param name="Version">16 hexadecimal digits, by the content of the accepted files and the part of the definition that affects data.</param>
/// <param name="FormatVersion">Of the dataset's files.</param>
/// <param name="Model">The model it was made for.</param>
/// <param name="DefinitionFingerprint">SHA-256 of the part of the definition that affects data: target, ignore, sensitive.</param>
/// <param name="Sources">The accepted files, by content hash.</param>
/// <param name="Features">The columns to learn from, in the order of <c>data.parquet</c>.</param>
/// <param name="Target">The target and its classes.</param>
/// <param name="Sensitive">The columns to slice by.</param>
/// <param name="Excluded">Columns of the files that are not learned from.</param>
/// <param name="Rows">Rows accepted: the rows of <c>data.parquet</c>.</param>
/// <param name="RefusedRows">Rows of the accepted files that were refused.</param>
/// <param name="Splits">The parts.</param>
public sealed record DatasetManifest(
    string Version,
    int FormatVersion,
    string Model,
    string DefinitionFingerprint,
    IReadOnlyList<DatasetSource> Sources,
    IReadOnlyList<FeatureColumn> Features,
    DatasetTarget Target,
    IReadOnlyList<SensitiveColumn> Sensitive,
    IReadOnlyList<ExcludedColumn> Excluded,
    long Rows,
    long RefusedRows,
    IReadOnlyList<SplitCounts> Splits)
{
    /// <summary>The direct identifiers that were masked; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MaskedIdentifiers>? Masked { get; init; }

    /// <summary>Columns whose values are numbers or dates in a form that is not read as such, with what to do; null: none, or a version of an older release.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The files that were refused beside those it is made of, when it was made; null: none, or a version of an older release.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RefusedSource>? RefusedFiles { get; init; }

    /// <summary>SHA-256 of what the contract says that the rows keep to, <c>contract.json</c> beside this; null for versions of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Contract { get; init; }

    /// <summary>The platform's version and commit that made it; null for versions of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>How the parts were made; null where by the rows' hashes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DatasetSplitRule? SplitBy { get; init; }

    /// <summary>Rows alike in all columns that were dealt one by one; null: none, or a version of an older release.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AlikeRows? Alike { get; init; }

    /// <summary>Why a model of this definition cannot be learned from the dataset, in words that follow its name; null when it can.</summary>
    public string? FindMisfit(ModelDefinition definition)
    {
        var (made, wanted) = (Target, definition.Target);
        if (made.Task != definition.Task) return $"was made for {Name(made.Task)}; the definition's task is {Name(definition.Task)}.";
        if (made.Column != wanted.Column) return $"was made for the target '{made.Column}'; the definition's target is '{wanted.Column}'.";
        if (made.Positive != wanted.Positive) return $"was made with '{made.Positive}' as the positive class; the definition's positive is '{wanted.Positive}'.";
        return Features.FirstOrDefault(f => definition.Ignore.Contains(f.Name, StringComparer.Ordinal)) is { } ignored
            ? $"has the feature '{ignored.Name}'; the definition ignores it."
            : null;

        static string Name(LearningTask task) => JsonNamingPolicy.KebabCaseLower.ConvertName($"{task}");
    }

    public byte[] ToJson() => DatasetJson.Write(this);

    /// <exception cref="JsonException">The text is no manifest.</exception>
    public static DatasetManifest FromJson(ReadOnlySpan<byte> json) => DatasetJson.Read<DatasetManifest>(json);
}

/// <param name="Name">The blob's name; of several with one content, the first in ordinal order.</param>
/// <param name="ContentHash">SHA-256 of its content, in lower-case hexadecimal; <c>__source</c> in <c>data.parquet</c>.</param>
/// <param name="Rows">Rows read.</param>
/// <param name="RefusedRows">Rows refused.</param>
public sealed record DatasetSource(string Name, string ContentHash, long Rows, long RefusedRows)
{
    /// <summary>Its size in bytes; null for versions of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Bytes { get; init; }

    /// <summary>The version of the blob that was read; null for versions of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ETag { get; init; }
}

/// <param name="Name">The blob's name.</param>
/// <param name="ContentHash">SHA-256 of its content, in lower-case hexadecimal.</param>
/// <param name="Reason">The first reason.</param>
public sealed record RefusedSource(string Name, string ContentHash, string Reason);

/// <param name="Column">The column's header.</param>
/// <param name="Kind">What was masked: <c>card number</c>, <c>IBAN</c>, <c>e-mail address</c> or <c>phone number</c>.</param>
/// <param name="Count">How many of them, in all files.</param>
public sealed record MaskedIdentifiers(string Column, string Kind, long Count);

/// <param name="Column">The target's header.</param>
/// <param name="Positive">Of two classes the positive one; else null.</param>
/// <param name="Negative">The other class.</param>
/// <param name="PositiveRows">Rows of the positive class; 0 where there is none.</param>
/// <param name="NegativeRows">Rows of the other; 0 likewise.</param>
public sealed record DatasetTarget(string Column, string? Positive, string? Negative, long PositiveRows, long NegativeRows)
{
    /// <summary>What the target is for.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<LearningTask>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public LearningTask Task { get; init; }

    /// <summary>Of several classes each with its rows, in ordinal order of their names; null for other tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TargetClass>? Classes { get; init; }

    /// <summary>Of several classes those that were left out with their rows; null where none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExcludedClass>? ExcludedClasses { get; init; }
}

/// <param name="Name">The class: a value of the target.</param>
/// <param name="TrainRows">Its rows that are learned from.</param>
/// <param name="HeldOutRows">Its rows that are held out.</param>
public sealed record TargetClass(string Name, long TrainRows, long HeldOutRows);

/// <param name="Name">The class: a value of the target.</param>
/// <param name="Reason">Why its rows were refused.</param>
public sealed record ExcludedClass(string Name, string Reason);

/// <param name="Name">The column's header.</param>
/// <param name="IsFeature">Whether it is also learned from.</param>
public sealed record SensitiveColumn(string Name, bool IsFeature);

/// <param name="Name">The column's header.</param>
/// <param name="Reason">Why it is not learned from.</param>
public sealed record ExcludedColumn(string Name, string Reason);

/// <param name="Split">The part.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="PositiveRows">Of two classes those of the positive one; else 0.</param>
public sealed record SplitCounts(DataSplit Split, long Rows, long PositiveRows);

/// <summary>How a dataset's JSON files are written.</summary>
internal static class DatasetJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"Found null; expected a {typeof(T).Name}.");
}
