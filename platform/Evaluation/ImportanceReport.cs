using System.Text.Json.Serialization;

namespace Serverless.Platform.Evaluation;

/// <summary>Which raw columns the model leans on, seen twice: by what shuffling them costs, and by the learner's own contributions. The content of <c>importance.json</c>.</summary>
/// <param name="Metric">The metric that shuffling is measured by.</param>
/// <param name="PermutedRows">On how many held-out rows columns were shuffled.</param>
/// <param name="Repeats">How many times each.</param>
/// <param name="ExplainedRows">Of how many held-out rows contributions were taken.</param>
/// <param name="ExpectedMargin">
/// What contributions start from, the model's mean over the rows it learned from: log-odds, of several classes those of the first, of a number the value. After a calibration that is a line; before one that has bends.
/// </param>
/// <param name="AdditivityError">The greatest difference, over the explained rows, of what the model gives and the sum of its contributions.</param>
/// <param name="Columns">The columns, by mean absolute contribution.</param>
public sealed record ImportanceReport(
    string Metric,
    int PermutedRows,
    int Repeats,
    int ExplainedRows,
    double ExpectedMargin,
    double AdditivityError,
    IReadOnlyList<ColumnImportance> Columns);

/// <param name="Column">The raw column.</param>
/// <param name="Loss">By how much the metric gets worse when the column is shuffled, the mean over the repeats; below 0 it got better by chance.</param>
/// <param name="StandardError">
/// Its standard error for want of more rows and shuffles: the standard deviation over bootstrap resamples of the rows, each with its shuffled values.
/// </param>
/// <param name="Contribution">The mean absolute contribution (SHAP) to a row's log-odds (as <see cref="ImportanceReport.ExpectedMargin"/> has them), or value; of several classes the mean over them.</param>
/// <param name="Effects">Groups of the column's values and what they add on average, the strongest first, at most 8.</param>
public sealed record ColumnImportance(string Column, double Loss, double StandardError, double Contribution, IReadOnlyList<ValueEffect> Effects)
{
    /// <summary>Half of the 95% interval of <see cref="Loss"/>.</summary>
    [JsonIgnore]
    public double HalfWidth => Proportion.Z * StandardError;
}

/// <param name="Values">A category, a band of numbers, <c>has 'word'</c> of texts, <c>(missing)</c>, or <c>(small groups)</c>.</param>
/// <param name="Rows">How many explained rows have such a value.</param>
/// <param name="Contribution">Their mean contribution: above 0 raises the score.</param>
/// <param name="Class">Of several classes that whose score it is; else null.</param>
public sealed record ValueEffect(
    string Values, int Rows, double Contribution, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Class = null);
