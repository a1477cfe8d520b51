namespace Serverless.Tests.Chaos.Crashes;

/// <summary>How a crash run went.</summary>
/// <param name="Seed">Gives the same run again.</param>
/// <param name="Kills">Processes killed.</param>
/// <param name="KillsAtStart">Those of them that were killed before they had said they were ready.</param>
/// <param name="Instances">Orchestrations whose start was acknowledged, without the sub-orchestrations.</param>
/// <param name="Events">Events that were acknowledged.</param>
/// <param name="Activities">Distinct activity calls that were carried out.</param>
/// <param name="Repeated">Runs of activities beyond the first: what kills made be done again.</param>
/// <param name="Took">From the first start to the last check.</param>
/// <param name="Problems">Promises that were broken; empty when all were kept.</param>
public sealed record CrashReport(
    int Seed, int Kills, int KillsAtStart, int Instances, int Events, int Activities, int Repeated, TimeSpan Took, IReadOnlyList<string> Problems)
{
    private const int Shown = 20;

    public override string ToString() => string.Join('\n',
    [
        $"{Kills} kills ({KillsAtStart} of them at start), {Instances} orchestrations, {Events} events, {Activities} activities, {Repeated} repeated, "
        + $"in {Took.TotalSeconds:0} s; seed {Seed}",
        .. Problems.Take(Shown).Select(problem => $"BROKEN: {problem}"),
        Problems.Count == 0 ? "Every promise was kept." : $"{Problems.Count} promises were broken.",
    ]);
}
