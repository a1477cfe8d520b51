namespace Serverless.Embedded.Processes;

/// <summary>Waits for something that another process does, by looking again and again until a deadline.</summary>
public static class Poll
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls <paramref name="probe"/> until it gives a value.</summary>
    /// <param name="probe">Gives the value, or null when it is not there yet. What it throws ends the wait.</param>
    /// <param name="awaited">What is waited for, for the message: "the app at http://… to be ready".</param>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public static Task<T> UntilAsync<T>(
        Func<CancellationToken, Task<T?>> probe, string awaited, TimeSpan deadline, CancellationToken cancellationToken)
        where T : class =>
        UntilAsync(probe, awaited, deadline, DefaultInterval, cancellationToken);

    /// <inheritdoc cref="UntilAsync{T}(Func{CancellationToken, Task{T}}, string, TimeSpan, CancellationToken)"/>
    /// <param name="interval">The pause between two looks. Default: 50 ms.</param>
    public static async Task<T> UntilAsync<T>(
        Func<CancellationToken, Task<T?>> probe, string awaited, TimeSpan deadline, TimeSpan interval, CancellationToken cancellationToken)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await probe(cancellationToken).ConfigureAwait(false) is { } value)
                return value;
            if (TimeProvider.System.GetElapsedTime(started) > deadline)
                throw new TimeoutException($"Waited {deadline.TotalSeconds:0.#} s for {awaited}, in vain.");
            await Task.Delay(interval, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Calls <paramref name="probe"/> until it is true.</summary>
    /// <inheritdoc cref="UntilAsync{T}(Func{CancellationToken, Task{T}}, string, TimeSpan, CancellationToken)"/>
    public static Task UntilTrueAsync(
        Func<CancellationToken, Task<bool>> probe, string awaited, TimeSpan deadline, CancellationToken cancellationToken) =>
        UntilAsync<object>(async token => await probe(token).ConfigureAwait(false) ? awaited : null, awaited, deadline, cancellationToken);
}
