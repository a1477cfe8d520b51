using System.Globalization;
using System.Text.Json;

namespace Serverless.Local.Runs;

/// <summary>A run told in lines of text. Lines are only ever added while the run goes on, so they can be printed as they come.</summary>
public static class RunNarrative
{
    public static string Title(RunView run) => run.Model is { Length: > 0 } model ? $"{run.Kind} {model}" : run.Kind;

    /// <summary>What is known of the run: metrics, the gate's decision with its reasons, the result, the failure.</summary>
    /// <remarks>The runs that training starts carry its metrics too; they are told once, by the training.</remarks>
    public static IReadOnlyList<string> Facts(RunView run) => [
        .. run.Kind == "TrainModel" ? Judgement(run) : [],
        .. run.IsOver ? Ending(run) : []];

    private static IEnumerable<string> Judgement(RunView run) => [
        .. run.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).Select(metric => Describe(metric.Key, metric.Value)),
        .. run.Gate is { } gate ? Describe(gate) : []];

    private static string Describe(string name, RunMetric metric) =>
        metric is { Low: { } low, High: { } high }
            ? $"{name,-12} {Number(metric.Value)}   between {Number(low)} and {Number(high)}"
            : $"{name,-12} {Number(metric.Value)}";

    private static IEnumerable<string> Describe(RunGate gate) => [
        gate.Passed ? "gate: passed" : "gate: not passed",
        .. gate.Reasons.Select(reason =>
            $"  {(reason.Passed ? "✓" : "✗")} {reason.Rule}: found {Text(reason.Found)}, required {Text(reason.Required)}")];

    private static IEnumerable<string> Ending(RunView run)
    {
        if (run.State != "Completed")
            return [$"{run.State.ToLowerInvariant()}: {run.Failure?.Message ?? "no reason was given"}"];
        return run.Kind switch
        {
            "IngestDataset" => [
                $"{run.Outcome}: dataset {run.ResultText("dataset") ?? "none"}, " +
                $"{run.ResultText("rows") ?? "0"} rows, {run.ResultText("refusedRows") ?? "0"} refused"],
            "TrainModel" => [$"{run.Outcome}: version {run.ResultText("version") ?? "none"} of {run.Model}, from dataset {run.ResultText("dataset") ?? "none"}"],
            "ScoreFile" => [
                $"{run.Outcome}: {run.ResultText("rows") ?? "0"} rows = {run.ResultText("scored") ?? "0"} scored + " +
                $"{run.ResultText("refused") ?? "0"} refused, by version {run.ResultText("version") ?? "none"}"],
            _ => [run.Outcome ?? "completed"],
        };
    }

    private static string Text(JsonElement? value) => value switch
    {
        null => "nothing",
        { ValueKind: JsonValueKind.Number } number => Number(number.GetDouble()),
        var other => other.ToString() ?? "",
    };

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) is > 0 and < 0.001 ? "0.#e-0" : "0.####", CultureInfo.InvariantCulture);
}
