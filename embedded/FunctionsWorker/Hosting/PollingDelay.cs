namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>How long to wait before looking again: short after something was found, then about doubling up to a maximum.</summary>
internal sealed class PollingDelay
{
    private readonly TimeSpan _least;
    private readonly TimeSpan _most;
    private TimeSpan _next;

    public PollingDelay(TimeSpan least, TimeSpan most)
    {
        _least = least;
        _most = most;
        _next = least;
    }

    public TimeSpan AfterWork()
    {
        _next = _least;
        return _least;
    }

    /// <summary>The delay after a look that found nothing, spread by a fifth either way so that pollers do not march in step.</summary>
    public TimeSpan AfterNothing()
    {
        var spread = _next * (0.8 + (0.4 * Random.Shared.NextDouble()));
        _next = _next * 2 < _most ? _next * 2 : _most;
        return spread < _least ? _least : spread < _most ? spread : _most;
    }
}
