using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

/// <summary>Scores of three classes, and of a number, beside what is true.</summary>
internal static class TaskRows
{
    public static readonly IReadOnlyList<string> Names = ["current", "early", "late"];

    /// <summary>The greater the skill, the surer and the more often right.</summary>
    public static EvaluationInput Classes(int rows, double skill = 0.5, int seed = 1, IReadOnlyDictionary<string, string[]>? sensitive = null)
    {
        var random = new Random(seed);
        float[] labels = [.. Enumerable.Range(0, rows).Select(_ => (float)(random.Next(10) switch { < 6 => 0, < 9 => 1, _ => 2 }))];
        float[] scores = [.. labels.SelectMany(label =>
        {
            double[] drawn = [.. Enumerable.Range(0, 3).Select(c => random.NextDouble() + (c == (int)label ? skill : 0))];
            return drawn.Select(d => (float)(d / drawn.Sum()));
        })];
        return new EvaluationInput(LearningTask.MulticlassClassification, Names, scores, labels, 0, 17, sensitive);
    }

    /// <summary>Values about a thousand, predicted with an error of that spread.</summary>
    public static EvaluationInput Numbers(int rows, double spread = 100, int seed = 1, IReadOnlyDictionary<string, string[]>? sensitive = null)
    {
        var random = new Random(seed);
        float[] labels = [.. Enumerable.Range(0, rows).Select(_ => (float)(400 + (1_200 * random.NextDouble())))];
        float[] scores = [.. labels.Select(l => (float)(l + (spread * (random.NextDouble() + random.NextDouble() - 1))))];
        return new EvaluationInput(LearningTask.Regression, [], scores, labels, 0, 17, sensitive);
    }
}
