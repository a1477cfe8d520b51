using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Configuration;

namespace Serverless.Tests.Integration.Embedded.Testing;

public sealed class TestingFunctions(Journal journal, IConfiguration configuration)
{
    /// <summary>Waits twice for a day and tells how long that took by the orchestration's clock.</summary>
    [Function(nameof(WaitTwoDays))]
    public static async Task<TimeSpan> WaitTwoDays([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var began = context.CurrentUtcDateTime;
        await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        await context.CallActivityAsync(nameof(NoteStep), "between");
        await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        return context.CurrentUtcDateTime - began;
    }

    [Function(nameof(TwoSteps))]
    public static async Task<string> TwoSteps([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string>(nameof(NoteStep), "first") + await context.CallActivityAsync<string>(nameof(NoteStep), "second");

    [Function(nameof(NoteStep))]
    public async Task<string> NoteStep([ActivityTrigger] string step, CancellationToken cancellationToken)
    {
        await journal.NoteAsync(step, cancellationToken);
        return step;
    }

    [Function(nameof(TellSetting))]
    public string TellSetting([ActivityTrigger] string name) => configuration[name] ?? "";
}
