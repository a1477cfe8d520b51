namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>The token of one invocation: fires with the caller's, or once the time allowed has passed. Made when first asked for, which most short invocations never do.</summary>
internal sealed class StopSignal(TimeSpan? timeout, TimeProvider time, CancellationToken caller) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _registration;

    public CancellationToken Token
    {
        get
        {
            if (timeout is null)
                return caller;
            lock (_lock)
                return (_source ??= Start(timeout.Value)).Token;
        }
    }

    public TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>Whether the caller wants the invocation to stop.</summary>
    public bool ByCaller => caller.IsCancellationRequested;

    /// <summary>Whether the time allowed has passed, and the caller has nothing to do with it.</summary>
    public bool ByTimeout => !ByCaller && _source is { IsCancellationRequested: true };

    public void Dispose()
    {
        _registration.Dispose();
        _source?.Dispose();
    }

    private CancellationTokenSource Start(TimeSpan allowed)
    {
        var rest = allowed - Elapsed;
        var source = new CancellationTokenSource(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time);
        _registration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        return source;
    }
}
