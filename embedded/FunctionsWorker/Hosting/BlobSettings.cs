namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <param name="MaxDegreeOfParallelism">Blobs worked on at once, over all functions. Default: 8 for each core.</param>
/// <param name="PoisonBlobThreshold">How often a blob is tried before it goes to the poison queue. Default: 5.</param>
internal sealed record BlobSettings(int MaxDegreeOfParallelism, int PoisonBlobThreshold)
{
    public static BlobSettings Read(SettingReader read, string section) => new(
        read.Whole($"{section}:maxDegreeOfParallelism", 8 * Environment.ProcessorCount, 1, 10_000),
        read.Whole($"{section}:poisonBlobThreshold", 5, 1, 1000));
}
