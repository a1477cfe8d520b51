using System.Text;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Deployment;

/// <summary>Writes a version's card: one page of Markdown that says what it is, what it learned from, how good it is, and who decided on it.</summary>
public sealed class ModelCard(ModelRegistry registry)
{
    /// <summary>Writes the card of a version whose other documents are all there. A card that stands already is left as it is.</summary>
    public async Task WriteAsync(string model, int version, CancellationToken cancellationToken)
    {
        var lineage = await Read<ModelLineage>(ModelRegistry.LineageFile);
        var signature = await Read<ModelSignature>(ModelRegistry.SignatureFile);
        var metrics = await Read<EvaluationReport>(ModelRegistry.MetricsFile);
        var parity = await Read<ParityReport>(ModelRegistry.ParityFile);
        var decision = await Read<ModelDecision>(ModelRegistry.DecisionFile);
        var text = Render(model, version, lineage, signature, metrics, parity, decision);
        await registry.TryWriteTextAsync(model, version, ModelRegistry.CardFile, text, cancellationToken);

        async Task<T> Read<T>(string file)
            where T : class =>
            await registry.ReadVersionFileAsync<T>(model, version, file, cancellationToken)
            ?? throw new InvalidDataException($"Version {version} of '{model}' has no {file}, which an earlier step wrote; it must have been deleted. Train again.");
    }

    private static string Render(
        string model, int version, ModelLineage lineage, ModelSignature signature, EvaluationReport metrics, ParityReport parity, ModelDecision decision)
    {
        var card = new StringBuilder();
        Line($"# {model}, version {version}");
        Line();
        Line($"Predicts whether `{lineage.Definition.Target.Column}` is `{lineage.Definition.Target.Positive}`. {decision.Outcome} by {decision.By} on {decision.At:u}: {decision.Reason}.");
        Line();
        Line("| | |");
        Line("|---|---|");
        Line($"| training run | `{lineage.Run}` ({lineage.Reason}) |");
        Line($"| dataset | `{lineage.Dataset}` |");
        Line($"| inputs | {string.Join(", ", signature.Columns.Select(c => $"`{c.Name}`"))} |");
        if (lineage.Baseline is { } baseline)
        {
            Line($"| model | logistic regression, penalty {baseline.Lambda} per row, cross-validated {lineage.Definition.Training.Metric} {baseline.Score:F4} ± {baseline.StandardDeviation:F4}: as good as the best trial |");
        }

        Line($"| best trial | {lineage.Trial.Trial}, {lineage.Trial.Rounds} rounds, cross-validated {lineage.Definition.Training.Metric} {lineage.Trial.Score:F4} ± {lineage.Trial.StandardDeviation:F4} |");
        Line($"| graph against learner | largest difference {parity.MaxAbsoluteDifference:E1} over {parity.Rows} rows |");
        Line();
        Line($"## On {metrics.Rows} held-out rows");
        Line();
        Line("| metric | value | 95% interval |");
        Line("|---|---|---|");
        foreach (var (name, estimate) in metrics.Metrics)
        {
            Line($"| {name} | {estimate.Value:F4} | {estimate.Low:F4} – {estimate.High:F4} |");
        }

        Line();
        Line("## The gate");
        Line();
        foreach (var reason in decision.Gate.Reasons)
        {
            Line($"- {(reason.Passed ? "passed" : "failed")}: {reason.Rule}, found {reason.Found}, required {reason.Required}");
        }

        return card.ToString();

        void Line(string text = "") => card.Append(text).Append('\n');
    }
}
