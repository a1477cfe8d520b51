using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>
/// When boosting has nothing more to gain: neither the training metric nor the loss that is minimised got better for so many rounds. The metric alone
/// would stop too soon: a ranking may stand still while few coarse trees give few distinct scores, and the loss goes on falling. Which round is kept is
/// decided by the metric alone.
/// </summary>
/// <param name="metric">The training metric.</param>
/// <param name="loss">The learner's loss; may be the same.</param>
/// <param name="patience">How many rounds both may stand still.</param>
internal sealed class EarlyStopping(string metric, string loss, int patience)
{
    private readonly double sign = MetricNames.IsHigherBetter(metric) ? 1 : -1;
    private double best = double.NegativeInfinity;
    private double leastLoss = double.PositiveInfinity;
    private int lastGain;

    /// <summary>What has to be measured on the held-out rows, the metric first.</summary>
    public IReadOnlyList<string> Watched { get; } = metric == loss ? [metric] : [metric, loss];

    // Scores have 1 as their best, losses 0; beyond it a falling loss cannot bring a better round.
    private bool IsPerfect => best == (sign > 0 ? 1 : 0);

    /// <param name="round">Rounds so far.</param>
    /// <param name="measured">What is watched, after these rounds.</param>
    public void Take(int round, IReadOnlyList<double> measured)
    {
        var (score, currentLoss) = (sign * measured[0], measured[^1]);
        if (score > best || (currentLoss < leastLoss && !IsPerfect)) lastGain = round;
        best = Math.Max(best, score);
        leastLoss = Math.Min(leastLoss, currentLoss);
    }

    /// <param name="round">Rounds so far.</param>
    public bool IsOver(int round) => round - lastGain >= patience;
}
