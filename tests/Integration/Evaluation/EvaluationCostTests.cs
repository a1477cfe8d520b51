using System.Diagnostics;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Evaluation;

public sealed class EvaluationCostTests(ITestOutputHelper output)
{
    [Fact]
    public void Evaluation_OfAHundredThousandRows_TakesSeconds()
    {
        var run = TrainingRun.Shared;
        var rows = CreditData.All.Take([.. Enumerable.Range(0, 100_000).Select(i => i % CreditData.All.RowCount)]);
        using var session = new ModelSession(run.Model.Onnx, run.Model.Signature);
        var scores = session.Score(rows.Features, CancellationToken.None);
        var input = new EvaluationInput(rows.Task, [], scores, rows.Labels, 0.3, 17, rows.Sensitive, new CostPolicy(1, 5));
        var all = Stopwatch.StartNew();

        Timed("metrics", () => ModelEvaluator.Evaluate(input, CancellationToken.None));
        Timed("fairness", () => FairnessEvaluation.Of(input, "bad", CancellationToken.None));
        Timed("comparison", () => PairedComparison.Of(input, scores, 1, CancellationToken.None));
        Timed("leakage", () => LeakageCheck.Run(rows, rows, "Status", CancellationToken.None));
        Timed("importance", () => ModelImportance.Of(session, run.Model.Learner, rows, MetricNames.RocAuc, 17, CancellationToken.None));

        var classes = new EvaluationInput(
            LearningTask.MulticlassClassification, ["a", "b", "c", "d", "e"], [.. scores.SelectMany(s => new[] { s / 2, s / 2, (1 - s) / 2, (1 - s) / 4, (1 - s) / 4 })],
            [.. rows.Labels.Select((l, i) => (2 * l) + (i % 2))], 0, 17, rows.Sensitive);
        Timed("metrics of five classes", () => ModelEvaluator.Evaluate(classes, CancellationToken.None));
        Timed("comparison of five classes", () => PairedComparison.Of(classes, classes.Scores, 1, CancellationToken.None));
        var numbers = new EvaluationInput(LearningTask.Regression, [], scores, [.. scores.Select((s, i) => s + (i % 7))], 0, 17, rows.Sensitive);
        Timed("metrics of a number", () => ModelEvaluator.Evaluate(numbers, CancellationToken.None));

        // An order of magnitude above what it takes: it fails when something grows faster than the rows do.
        Assert.InRange(all.Elapsed.TotalSeconds, 0, 90);

        void Timed(string what, Action work)
        {
            var clock = Stopwatch.StartNew();
            work();
            output.WriteLine($"{what} {clock.Elapsed.TotalSeconds:F2} s");
        }
    }
}
