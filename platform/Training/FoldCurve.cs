namespace Serverless.Platform.Training;

/// <summary>How good a trial was on one fold, as boosting went on.</summary>
/// <param name="Fold">Which fold, from 0.</param>
/// <param name="Scores">The metric after each <see cref="Step"/> rounds, to six decimals.</param>
public sealed record FoldCurve(int Fold, IReadOnlyList<double> Scores)
{
    /// <summary>Every how many rounds the metric is taken.</summary>
    public const int Step = 5;

    /// <summary>The metric after a number of steps; where boosting stopped before, as it was last.</summary>
    public double At(int step) => Scores[Math.Min(step, Scores.Count - 1)];
}
