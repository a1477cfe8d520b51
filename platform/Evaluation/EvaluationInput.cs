using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>What a model is measured by: its scores of held-out rows beside what is true.</summary>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Classes">The classes in the order of a row's scores; empty unless there are several.</param>
/// <param name="Scores">Row by row: the probability of the positive class, the predicted value, or the probability of each class.</param>
/// <param name="Labels">For each row 1 or 0, the value, or the number of its class.</param>
/// <param name="Threshold">Of two classes: a row with at least this score is predicted positive.</param>
/// <param name="Seed">The same seed gives the same intervals.</param>
/// <param name="Sensitive">Sensitive columns by name, one text per row, empty where missing; null for none.</param>
/// <param name="Cost">Of two classes what errors cost; null if nobody said.</param>
public sealed record EvaluationInput(
    LearningTask Task,
    IReadOnlyList<string> Classes,
    float[] Scores,
    float[] Labels,
    double Threshold,
    int Seed,
    IReadOnlyDictionary<string, string[]>? Sensitive = null,
    CostPolicy? Cost = null)
{
    /// <summary>Scores of a row.</summary>
    public int Width => Task == LearningTask.MulticlassClassification ? Classes.Count : 1;

    /// <summary>The sensitive columns in the order of their names.</summary>
    /// <exception cref="ArgumentException">A column has not one value for each row.</exception>
    internal IEnumerable<(string Column, string[] Values)> SensitiveColumns() =>
        (Sensitive ?? new Dictionary<string, string[]>()).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value.Length == Labels.Length
            ? (s.Key, s.Value)
            : throw new ArgumentException($"Found {s.Value.Length} values of '{s.Key}' for {Labels.Length} rows; expected one for each."));
}
