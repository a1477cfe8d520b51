using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Deployment;

/// <summary>Lineages that differ in nothing but their run.</summary>
internal static class ModelLineages
{
    public static ModelLineage Of(string model, string run) => new(
        run,
        "0011223344556677",
        "a test",
        new ModelDefinition(
            model,
            LearningTask.BinaryClassification,
            new TargetColumn("Status", "bad"),
            [],
            [],
            TrainingPolicy.Default,
            new GatePolicy(new Dictionary<string, double>(), null),
            DeploymentPolicy.Default,
            RetrainingPolicy.Default),
        new TrialResult(0, SearchSpace.At(1, 0), 10, 0.8, 0.01, 0.5),
        DateTimeOffset.UnixEpoch);
}
