namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>
/// How long to wait before looking again: the least after something was found, then growing by a doubling step, which is spread by a fifth either way so that pollers
/// do not march in step, up to the most.
/// </summary>
internal sealed class PollingDelay(TimeSpan least, TimeSpan most)
{
    private TimeSpan? _step;

    public TimeSpan AfterWork()
    {
        _step = null;
        return least;
    }

    /// <summary>The delay after a look that found nothing.</summary>
    public TimeSpan AfterNothing()
    {
        if (_step is not { } step)
        {
            _step = least;
            return least < most ? least : most;
        }

        var delay = least + (step * (0.8 + (0.4 * Random.Shared.NextDouble())));
        if (delay >= most)
            return most;
        _step = step * 2;
        return delay;
    }
}
