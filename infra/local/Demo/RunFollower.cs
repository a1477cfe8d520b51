using Serverless.Local.Runs;

namespace Serverless.Local.Demo;

/// <summary>Looks at the app's runs until something is found among them. Runs that were over before are not shown again.</summary>
internal sealed class RunFollower(RunsClient runs, DemoScreen screen)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<string, RunView> _over = [];

    /// <param name="find">Gives the run that was waited for, or null while it is not there or not over.</param>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public Task<RunView> FollowAsync(
        Func<IReadOnlyList<RunView>, RunView?> find, string awaited, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var earlier = _over.Keys.ToHashSet();
        return screen.FollowAsync(show => Poll.UntilAsync(
            async token =>
            {
                var seen = await LookAsync(token).ConfigureAwait(false);
                show([.. seen.Where(run => !earlier.Contains(run.Id))]);
                return find(seen);
            },
            awaited, deadline, Interval, cancellationToken));
    }

    private async Task<IReadOnlyList<RunView>> LookAsync(CancellationToken cancellationToken)
    {
        List<RunView> seen = [];
        foreach (var listed in await runs.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_over.TryGetValue(listed.Id, out var run))
                run = await runs.GetAsync(listed.Id, cancellationToken).ConfigureAwait(false);
            if (run.IsOver)
                _over[run.Id] = run;
            seen.Add(run);
        }
        return seen;
    }
}
