using System.Globalization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs a function again after it failed. Timer triggers honour it; queues and blobs have the dequeue count instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    public RetryAttribute()
    {
    }

    /// <summary>How often it is run again; -1 for as often as it takes.</summary>
    public int MaxRetryCount { get; set; }

    private protected static TimeSpan Interval(string text, string parameter)
    {
        if (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval))
            throw new ArgumentOutOfRangeException(parameter, text, "The interval is not a time; expected one as hh:mm:ss.");
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero, parameter);
        return interval;
    }
}

/// <summary>Waits as long before each new attempt.</summary>
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
    {
        Interval(delayInterval, nameof(delayInterval));
        MaxRetryCount = maxRetryCount;
        DelayInterval = delayInterval;
    }

    /// <summary>As hh:mm:ss.</summary>
    public string DelayInterval { get; }
}

/// <summary>Waits longer before each new attempt, up to a maximum.</summary>
public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
{
    public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
    {
        if (Interval(minimumInterval, nameof(minimumInterval)) > Interval(maximumInterval, nameof(maximumInterval)))
            throw new ArgumentException("The minimumInterval must not be greater than the maximumInterval.", nameof(minimumInterval));
        MaxRetryCount = maxRetryCount;
        MinimumInterval = minimumInterval;
        MaximumInterval = maximumInterval;
    }

    /// <summary>As hh:mm:ss.</summary>
    public string MinimumInterval { get; }

    /// <summary>As hh:mm:ss.</summary>
    public string MaximumInterval { get; }
}
