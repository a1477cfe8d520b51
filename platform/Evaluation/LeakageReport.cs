using System.Text.Json.Serialization;

namespace Serverless.Platform.Evaluation;

/// <summary>Signs that a model looks better on its data than it will be in use: the content of <c>leakage.json</c>.</summary>
/// <param name="Findings">What people should look into; empty when nothing was found.</param>
/// <param name="Features">How much single features say of the target, the strongest first, at most 20.</param>
/// <param name="Repeats">Held-out rows that stand among the training rows too.</param>
public sealed record LeakageReport(IReadOnlyList<LeakageFinding> Findings, IReadOnlyList<FeatureStrength> Features, RepeatedRows Repeats)
{
    // They stand in a run's status, which every backend bounds.
    private const int MostWarnings = 8;

    /// <summary>The findings in sentences, each with what to do; the first of them, if there are many.</summary>
    public IReadOnlyList<string> Warnings()
    {
        IEnumerable<string> sentences = Findings.Take(MostWarnings).Select(f => $"{f.Finding} {f.Remedy}");
        return Findings.Count <= MostWarnings ? [.. sentences] : [.. sentences, $"There are {Findings.Count - MostWarnings} more findings in leakage.json."];
    }
}

/// <param name="Kind"><c>single-feature</c>, <c>identifier</c>, <c>repeated-rows</c>, <c>near-repeated-rows</c>, or <c>contradicting-rows</c>.</param>
/// <param name="Column">The column it is about; null if it is about rows.</param>
/// <param name="Found">The figure.</param>
/// <param name="Bound">From which figure on it is reported.</param>
/// <param name="Finding">The same in a sentence.</param>
/// <param name="Remedy">What to do.</param>
public sealed record LeakageFinding(string Kind, string? Column, double Found, double Bound, string Finding, string Remedy);

/// <param name="Column">The feature.</param>
/// <param name="RocAuc">
/// Of two classes the ROC AUC of ranking training rows by it alone, the better way round: 0.5 to 1. Of several the mean over the classes of each against all
/// others, by the rates of its values. Null for a number.
/// </param>
/// <param name="R2">Of a number the share of the target's variance that it alone explains, by value, by rank or by band, whichever is most; else null.</param>
public sealed record FeatureStrength(
    string Column, double? RocAuc, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? R2 = null)
{
    internal double Value => RocAuc ?? R2 ?? 0;
}

/// <param name="HeldOutRows">How many rows are held out.</param>
/// <param name="SameRow">How many of them are training rows too, label and all.</param>
/// <param name="SameFeatures">How many have the features of a training row with the same label.</param>
/// <param name="OtherLabel">How many have the features of a training row with another label.</param>
public sealed record RepeatedRows(int HeldOutRows, int SameRow, int SameFeatures, int OtherLabel)
{
    /// <summary>How many, of the first 5,000 by their hashes, agree with a training row in all columns but one, in values too rare together for chance; 0 in reports of older releases.</summary>
    public int NearlySame { get; init; }

    /// <summary>
    /// How many have a frequent combination of values, of which the training rows have different outcomes: cases that are alike, which are not counted as repeats; 0 in reports of older releases.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AlikeCases { get; init; }
}
