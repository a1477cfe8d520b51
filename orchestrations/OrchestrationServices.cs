using Microsoft.Extensions.DependencyInjection;
using Serverless.Orchestrations.Datasets;
using Serverless.Orchestrations.Retraining;
using Serverless.Orchestrations.Scoring;
using Serverless.Orchestrations.Training;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations;

/// <summary>Registers the ways in: what triggers and endpoints call to start work.</summary>
public static class OrchestrationServices
{
    public static IServiceCollection AddOrchestrations(this IServiceCollection services) => services
        .AddSingleton<DropIntake>()
        .AddSingleton<ChunkIntake>()
        .AddSingleton<DatasetRows>()
        .AddSingleton<TrialSlots>()
        .AddSingleton<PrepareTraining>()
        .AddSingleton<TrainingIntake>()
        .AddSingleton<RetrainingIntake>();
}
