namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <param name="BatchSize">Messages taken at a time. Default: 16; at most 32.</param>
/// <param name="NewBatchThreshold">More are taken when no more than this many are in hand. Default: half of the batch size.</param>
/// <param name="MaxDequeueCount">How often a message is tried before it goes to the poison queue. Default: 5.</param>
/// <param name="MaxPollingInterval">The longest pause between looks at an empty queue. Default (null): 1 minute, or 500 ms where storage is on this machine.</param>
/// <param name="VisibilityTimeout">How long a message that failed stays hidden. Default: 0.</param>
/// <param name="Base64">Whether messages are base64. Default: true.</param>
internal sealed record QueueSettings(
    int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan? MaxPollingInterval, TimeSpan VisibilityTimeout, bool Base64)
{
    public static readonly TimeSpan MinPollingInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan DefaultMaxPollingInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultLocalMaxPollingInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause between looks at an empty queue of an account.</summary>
    public TimeSpan MaxPollingIntervalFor(StorageAccount account) =>
        MaxPollingInterval ?? (account.IsLocal ? DefaultLocalMaxPollingInterval : DefaultMaxPollingInterval);

    public static QueueSettings Read(SettingReader read, string section)
    {
        var batchSize = read.Whole($"{section}:batchSize", 16, 1, 32);
        return new QueueSettings(
            batchSize,
            read.Whole($"{section}:newBatchThreshold", batchSize / 2, 0, 1000),
            read.Whole($"{section}:maxDequeueCount", 5, 1, 1000),
            read.Text($"{section}:maxPollingInterval") is null
                ? null
                : read.Time($"{section}:maxPollingInterval", DefaultMaxPollingInterval, MinPollingInterval, TimeSpan.FromHours(1)),
            read.Time($"{section}:visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(7)),
            read.OneOf($"{section}:messageEncoding", true, ("base64", true), ("none", false)));
    }
}
