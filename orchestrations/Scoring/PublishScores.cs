using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Scoring;

namespace Serverless.Orchestrations.Scoring;

/// <param name="Outcome">What came of it.</param>
/// <param name="Result">The run's result; null unless it was published.</param>
public sealed record PublishedScoring(PublishingOutcome Outcome, ScoreResult? Result);

/// <summary>Makes the result visible, whole, with a report of the rows that were refused.</summary>
/// <remarks>Idempotency key: the run, which the result carries.</remarks>
public sealed class PublishScores(ScoringWork work, ScoringPublisher publisher)
{
    [Function(nameof(PublishScores))]
    public async Task<PublishedScoring> Run([ActivityTrigger] RunInput input, CancellationToken cancellationToken)
    {
        var plan = await work.ReadPlanAsync(input.Run, cancellationToken) ?? throw Lost.Plan(input.Run);
        var published = await publisher.PublishAsync(plan, cancellationToken);
        if (published.Outcome != PublishingOutcome.Published)
        {
            return new PublishedScoring(published.Outcome, null);
        }

        return new PublishedScoring(published.Outcome, new ScoreResult(
            ScoreResult.ScoredOutcome, published.Rows, published.Scored, published.Refused, plan.Version, published.Output, published.Report, []));
    }
}
