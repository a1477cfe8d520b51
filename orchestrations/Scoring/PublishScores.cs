using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Scoring;

namespace Serverless.Orchestrations.Scoring;

/// <summary>Makes the result visible, whole, with a report of the rows that were refused.</summary>
/// <remarks>Idempotency key: the run, which the result carries.</remarks>
public sealed class PublishScores(ScoringWork work, ScoringPublisher publisher)
{
    [Function(nameof(PublishScores))]
    public async Task<ScoreResult> Run([ActivityTrigger] RunInput input, CancellationToken cancellationToken)
    {
        var plan = await work.ReadPlanAsync(input.Run, cancellationToken) ?? throw Lost.Plan(input.Run);
        var published = await publisher.PublishAsync(plan, cancellationToken);
        return new ScoreResult(
            ScoreResult.ScoredOutcome, published.Rows, published.Scored, published.Refused, plan.Version, published.Output, published.Report, []);
    }
}
