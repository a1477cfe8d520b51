using System.Text.Json.Serialization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Platform.Scoring;

/// <summary>What a model takes and gives: kept as JSON beside the ONNX file of its version.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Target">What is predicted, and which of its values is the positive class.</param>
/// <param name="Columns">The raw columns the model takes, in the order of the graph's inputs.</param>
/// <param name="Threshold">Of two classes, a row whose score is at least this is predicted positive; for other tasks it means nothing.</param>
/// <param name="Output">The graph's output: float [N, 1], the probability of the positive class or the predicted value; of several classes float [N, classes], a probability for each.</param>
/// <param name="Learner">What the model is made of.</param>
/// <param name="Calibration">How the learner's log-odds become the output; null: as they are.</param>
public sealed record ModelSignature(
    string Model,
    [property: JsonConverter(typeof(JsonStringEnumConverter<LearningTask>))] LearningTask Task,
    TargetColumn Target,
    IReadOnlyList<SignatureColumn> Columns,
    double Threshold,
    string Output,
    LearnerKind Learner = LearnerKind.Trees,
    Calibration? Calibration = null)
{
    /// <summary>Of several classes their names, in the order of the output's columns; null for other tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>
    /// Of a linear model or part each of its features, in their order, of the usual row that contributions are held against: numbers and dates at their median, known, and
    /// of the other features the mean over the training rows. Null of trees alone, and of models of older releases, whose contributions are held against a row of zeros.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float>? LinearReference { get; init; }

    /// <summary>How many scores a row has.</summary>
    [JsonIgnore]
    public int Width => Classes?.Count ?? 1;
}

/// <param name="Name">The column's header, verbatim.</param>
/// <param name="Input">The graph's input for it: float [N, 1] or string [N, 1]. It is the header unless that cannot stand as a name.</param>
/// <param name="Kind">What it takes: a number or a date as days since 1970-01-01 (float; missing: NaN), or a category, boolean or text (string; missing: empty).</param>
/// <param name="Categories">The categories the model knows, the most frequent first; any other counts as none of them. Empty for other kinds.</param>
/// <param name="Rates">For a column of many categories the rate of positives of each; else null.</param>
/// <param name="Scale">For a column of numbers or booleans of a linear model how it is standardised; else null.</param>
public sealed record SignatureColumn(
    string Name, string Input, ColumnKind Kind, IReadOnlyList<string> Categories, CategoryRates? Rates = null, NumberScale? Scale = null)
{
    /// <summary>For a date of a linear model how each of its features is standardised: days, month, weekday, day of the month; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NumberScale>? DateScales { get; init; }

    /// <summary>For a number, boolean or date what is usual, and what a missing value counts as; null for other kinds, and of models of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TypicalValue? Typical { get; init; }

    /// <summary>For a column of many categories the share of rows that each has; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CategoryShares? Shares { get; init; }

    /// <summary>The categories that the model has learned something of.</summary>
    internal IReadOnlySet<string> KnownCategories() => Categories.Concat(Rates?.Known ?? []).Concat(Shares?.Known ?? []).ToHashSet(StringComparer.Ordinal);

    /// <summary>For a text the words it is known by; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TextWords? Words { get; init; }
}
