using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>How often, and after which pauses, a function is run again after it failed.</summary>
/// <param name="MaxRetryCount">-1 for as often as it takes.</param>
/// <param name="Least">The first pause.</param>
/// <param name="Most">The longest pause; as long as the first where all are alike.</param>
internal sealed record RetryPolicy(int MaxRetryCount, TimeSpan Least, TimeSpan Most)
{
    public static RetryPolicy? Of(MethodInfo method) => method.GetCustomAttribute<RetryAttribute>() switch
    {
        FixedDelayRetryAttribute fix => new RetryPolicy(fix.MaxRetryCount, Time(fix.DelayInterval), Time(fix.DelayInterval)),
        ExponentialBackoffRetryAttribute growing => new RetryPolicy(growing.MaxRetryCount, Time(growing.MinimumInterval), Time(growing.MaximumInterval)),
        _ => null,
    };

    public bool Allows(int retry) => MaxRetryCount == -1 || retry <= MaxRetryCount;

    /// <summary>The pause before a retry, the first being 1; a growing one doubles, spread by a fifth either way.</summary>
    public TimeSpan DelayBefore(int retry)
    {
        if (Least >= Most)
            return Least;
        var spread = 0.8 + (0.4 * Random.Shared.NextDouble());
        var seconds = Math.Max(Least.TotalSeconds, 0.1) * Math.Pow(2, Math.Min(retry - 1, 40)) * spread;
        return seconds < Least.TotalSeconds ? Least : seconds < Most.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Most;
    }

    private static TimeSpan Time(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Which attempt an invocation is: 0 for the first.</summary>
internal sealed class RetryAttempt(int count, RetryPolicy policy) : RetryContext
{
    public override int RetryCount => count;

    public override int MaxRetryCount => policy.MaxRetryCount;
}
