namespace Serverless.Embedded.Processes;

/// <summary>Waits for what comes about by itself, or what another process does, by looking again and again until a deadline.</summary>
public static class Poll
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(50);

    // In tests much is waited for, and little of it takes long.
    private static readonly TimeSpan TestInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>The deadline of a wait in a test: 30 s, which only what goes wrong ever uses up.</summary>
    public static TimeSpan DefaultDeadline { get; } = TimeSpan.FromSeconds(30);

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
    public static Task<T> UntilAsync<T>(
        Func<CancellationToken, Task<T?>> probe, string awaited, TimeSpan deadline, TimeSpan interval, CancellationToken cancellationToken)
        where T : class =>
        UntilAsync(probe, () => $"for {awaited}, in vain.", deadline, interval, cancellationToken);

    /// <summary>Calls <paramref name="probe"/> until it is true.</summary>
    /// <inheritdoc cref="UntilAsync{T}(Func{CancellationToken, Task{T}}, string, TimeSpan, CancellationToken)"/>
    public static Task UntilTrueAsync(
        Func<CancellationToken, Task<bool>> probe, string awaited, TimeSpan deadline, CancellationToken cancellationToken) =>
        UntilAsync<object>(async token => await probe(token).ConfigureAwait(false) ? awaited : null, awaited, deadline, cancellationToken);

    /// <summary>The short form for tests, which the deadline alone ends: looks until <paramref name="condition"/> is true.</summary>
    /// <param name="awaited">What is waited for, for the message: "the message was processed".</param>
    /// <param name="deadline">Default: <see cref="DefaultDeadline"/>.</param>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public static Task UntilTrueAsync(Func<Task<bool>> condition, string awaited, TimeSpan? deadline = null) =>
        UntilTrueAsync(condition, () => $"until {awaited}, in vain.", deadline);

    /// <inheritdoc cref="UntilTrueAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task UntilTrueAsync(Func<bool> condition, string awaited, TimeSpan? deadline = null) =>
        UntilTrueAsync(() => Task.FromResult(condition()), awaited, deadline);

    /// <inheritdoc cref="UntilTrueAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    /// <param name="describe">Says at the deadline what was found instead: "2 of 3 messages were processed."</param>
    public static Task UntilTrueAsync(Func<bool> condition, Func<string> describe, TimeSpan? deadline = null) =>
        UntilTrueAsync(() => Task.FromResult(condition()), () => $"in vain. {describe()}", deadline);

    private static Task UntilTrueAsync(Func<Task<bool>> condition, Func<string> describe, TimeSpan? deadline) => UntilAsync<object>(
        async _ => await condition().ConfigureAwait(false) ? condition : null, describe, deadline ?? DefaultDeadline, TestInterval, CancellationToken.None);

    private static async Task<T> UntilAsync<T>(
        Func<CancellationToken, Task<T?>> probe, Func<string> describe, TimeSpan deadline, TimeSpan interval, CancellationToken cancellationToken)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await probe(cancellationToken).ConfigureAwait(false) is { } value)
                return value;
            if (TimeProvider.System.GetElapsedTime(started) > deadline)
                throw new TimeoutException($"Waited {deadline.TotalSeconds:0.#} s {describe()}");
            await Task.Delay(interval, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }
}
