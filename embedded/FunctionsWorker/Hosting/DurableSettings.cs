using System.Text.RegularExpressions;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <param name="HubName">The task hub's name. Default: TestHubName.</param>
/// <param name="MaxConcurrentActivities">Default: 10 for each core.</param>
/// <param name="MaxConcurrentOrchestrators">Default: 10 for each core.</param>
/// <param name="MaxConcurrentEntities">Default: 10 for each core.</param>
/// <param name="MaxEntityOperationBatchSize">Default: 5,000.</param>
internal sealed record DurableSettings(
    string HubName, int MaxConcurrentActivities, int MaxConcurrentOrchestrators, int MaxConcurrentEntities, int MaxEntityOperationBatchSize)
{
    public static DurableSettings Read(SettingReader read, string section)
    {
        var hubName = read.Text($"{section}:hubName") ?? "TestHubName";
        if (!Regex.IsMatch(hubName, "^[A-Za-z][A-Za-z0-9]{2,44}$"))
            read.Refuse($"{section}:hubName", "a letter, then 2 to 44 letters and digits");
        return new DurableSettings(
            hubName,
            read.Whole($"{section}:maxConcurrentActivityFunctions", 10 * Environment.ProcessorCount, 1, 10_000),
            read.Whole($"{section}:maxConcurrentOrchestratorFunctions", 10 * Environment.ProcessorCount, 1, 10_000),
            read.Whole($"{section}:maxConcurrentEntityFunctions", 10 * Environment.ProcessorCount, 1, 10_000),
            read.Whole($"{section}:maxEntityOperationBatchSize", 5000, 1, 1_000_000));
    }
}
