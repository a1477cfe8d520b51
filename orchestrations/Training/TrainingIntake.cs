using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Orchestrations.Training;

/// <summary>Whether training was started.</summary>
/// <param name="Run">The run; null when it was not started.</param>
/// <param name="Missing">Whether that is because something does not exist, rather than being wrong.</param>
/// <param name="Reasons">Why it was not started; else empty.</param>
public sealed record TrainingStart(string? Run, bool Missing, IReadOnlyList<string> Reasons);

/// <summary>The way in for training that somebody asks for: checks first, so that what cannot work is answered at once and not by a failed run.</summary>
public sealed class TrainingIntake(DefinitionStore definitions, PrepareTraining preparation, TimeProvider time)
{
    public async Task<TrainingStart> StartAsync(
        DurableTaskClient client, string model, string? dataset, string reason, CancellationToken cancellationToken)
    {
        if (!DefinitionParser.IsModelName(model))
        {
            return new TrainingStart(null, Missing: true, [$"'{model}' is not a model's name; expected 3–63 lower-case letters, digits and single hyphens."]);
        }

        var request = new TrainingRequest(model, dataset, reason);
        var plan = await preparation.FindAsync(request, cancellationToken);
        if (plan.Reasons.Count > 0)
        {
            return new TrainingStart(null, Missing: await definitions.ReadAsync(model, cancellationToken) is null, plan.Reasons);
        }

        var run = string.Create(CultureInfo.InvariantCulture, $"train-{model}-{time.GetUtcNow():yyyyMMdd'T'HHmmssfff}");
        await DropIntake.StartOnceAsync(client, nameof(TrainModel), run, request, cancellationToken);
        return new TrainingStart(run, Missing: false, []);
    }
}
