using Microsoft.DurableTask;
using Serverless.Orchestrations.Runs;
using Serverless.Platform.Evaluation;

namespace Serverless.Orchestrations.Training;

/// <summary>Keeps a training run's status and the time each of its stages took, by the orchestration's own clock.</summary>
internal sealed class StageClock(TaskOrchestrationContext context, string model)
{
    private readonly Dictionary<string, double> durations = [];
    private string? stage;
    private DateTime entered;
    private RunDetail? detail;

    public void Enter(string next, RunDetail? known = null, RunProgress? progress = null)
    {
        Leave();
        stage = next;
        entered = context.CurrentUtcDateTime;
        detail = known ?? detail;
        Report(progress);
    }

    public void Report(RunProgress? progress) => context.SetCustomStatus(new RunStatus(model, stage ?? RunStage.Finished, progress, detail));

    public TrainingResult Finish(string outcome, int? version, string? dataset, GateDecision? gate, IReadOnlyList<string> reasons)
    {
        Leave();
        stage = RunStage.Finished;
        Report(progress: null);
        return new TrainingResult(outcome, model, version, dataset, detail?.Metrics, gate, reasons, durations, detail?.Warnings);
    }

    private void Leave()
    {
        if (stage is not null)
        {
            durations[stage] = Math.Round(durations.GetValueOrDefault(stage) + (context.CurrentUtcDateTime - entered).TotalSeconds, 3);
        }
    }
}
