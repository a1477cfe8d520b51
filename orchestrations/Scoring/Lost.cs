namespace Serverless.Orchestrations.Scoring;

/// <summary>What is said when something that an earlier step stored is not there.</summary>
internal static class Lost
{
    public static InvalidDataException Plan(string run) =>
        new($"scoring-work/{run}/plan.json is missing, which the run's first step wrote; it must have been deleted. Drop the file again.");
}
