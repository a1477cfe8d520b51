using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>The settings of the host, read once when the app is built. Defaults are those documented for host.json.</summary>
internal sealed record HostSettings
{
    /// <summary>Names the app in storage: receipts, timer status and the blob trigger's queue lie under it.</summary>
    public required string HostId { get; init; }

    public required HttpSettings Http { get; init; }

    public required QueueSettings Queues { get; init; }

    public required BlobSettings Blobs { get; init; }

    public required DurableSettings Durable { get; init; }

    public required EmbeddedSettings Embedded { get; init; }

    /// <summary>How long an invocation may take, orchestrations aside; null for no limit. Default: 30 minutes.</summary>
    public required TimeSpan? FunctionTimeout { get; init; }

    /// <summary>The functions that run; all when empty.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    public static HostSettings Read(IConfiguration configuration, string appName, List<string> problems)
    {
        var read = new SettingReader(configuration, problems);
        const string host = SettingReader.HostSection;
        if (read.Text($"{host}:version") is { } version && version != "2.0")
            read.Refuse($"{host}:version", "2.0");
        return new HostSettings
        {
            HostId = HostIdOf(read, appName),
            Http = HttpSettings.Read(read, $"{host}:extensions:http"),
            Queues = QueueSettings.Read(read, $"{host}:extensions:queues"),
            Blobs = BlobSettings.Read(read, $"{host}:extensions:blobs"),
            Durable = DurableSettings.Read(read, $"{host}:extensions:durableTask"),
            Embedded = EmbeddedSettings.Read(read, problems),
            FunctionTimeout = read.Text($"{host}:functionTimeout") is "-1"
                ? null
                : read.Time($"{host}:functionTimeout", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(1), TimeSpan.FromDays(20)),
            Functions = read.List($"{host}:functions"),
        };
    }

    private static string HostIdOf(SettingReader read, string appName)
    {
        foreach (var key in (string[])["AzureFunctionsWebHost:hostId", $"{SettingReader.HostSection}:id"])
        {
            if (read.Text(key) is not { } id)
                continue;
            if (!Regex.IsMatch(id, "^(?!-)(?!.*--)[a-z0-9-]{1,32}(?<!-)$"))
                read.Refuse(key, "1 to 32 lower-case letters, digits and single hyphens, with no hyphen first or last");
            return id;
        }

        var name = Regex.Replace(appName.ToLowerInvariant(), "[^a-z0-9]+", "-").Trim('-');
        return (name.Length > 32 ? name[..32] : name).Trim('-');
    }
}

/// <param name="RoutePrefix">What every HTTP function's route begins with. Default: api.</param>
internal sealed record HttpSettings(string RoutePrefix)
{
    /// <summary>The genuine host's limit, by the genuine host's setting. Default: 100 MiB.</summary>
    public required int MaxRequestBodyBytes { get; init; }

    public static HttpSettings Read(SettingReader read, string section) =>
        new((read.Text($"{section}:routePrefix") ?? (read.IsEmpty($"{section}:routePrefix") ? "" : "api")).Trim('/'))
        {
            MaxRequestBodyBytes = read.Whole("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", 104_857_600, 1, int.MaxValue),
        };
}

/// <param name="BatchSize">Messages taken at a time. Default: 16; at most 32.</param>
/// <param name="NewBatchThreshold">More are taken when no more than this many are in hand. Default: half of the batch size.</param>
/// <param name="MaxDequeueCount">How often a message is tried before it goes to the poison queue. Default: 5.</param>
/// <param name="MaxPollingInterval">The longest pause between looks at an empty queue. Default: 1 minute.</param>
/// <param name="VisibilityTimeout">How long a message that failed stays hidden. Default: 0.</param>
/// <param name="Base64">Whether messages are base64. Default: true.</param>
internal sealed record QueueSettings(
    int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan MaxPollingInterval, TimeSpan VisibilityTimeout, bool Base64)
{
    public static readonly TimeSpan MinPollingInterval = TimeSpan.FromMilliseconds(100);

    public static QueueSettings Read(SettingReader read, string section)
    {
        var batchSize = read.Whole($"{section}:batchSize", 16, 1, 32);
        return new QueueSettings(
            batchSize,
            read.Whole($"{section}:newBatchThreshold", batchSize / 2, 0, 1000),
            read.Whole($"{section}:maxDequeueCount", 5, 1, 1000),
            read.Time($"{section}:maxPollingInterval", TimeSpan.FromMinutes(1), MinPollingInterval, TimeSpan.FromHours(1)),
            read.Time($"{section}:visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(7)),
            read.OneOf($"{section}:messageEncoding", true, ("base64", true), ("none", false)));
    }
}

/// <param name="MaxDegreeOfParallelism">Blobs worked on at once, over all functions. Default: 8 for each core.</param>
/// <param name="PoisonBlobThreshold">How often a blob is tried before it goes to the poison queue. Default: 5.</param>
internal sealed record BlobSettings(int MaxDegreeOfParallelism, int PoisonBlobThreshold)
{
    public static BlobSettings Read(SettingReader read, string section) => new(
        read.Whole($"{section}:maxDegreeOfParallelism", 8 * Environment.ProcessorCount, 1, 10_000),
        read.Whole($"{section}:poisonBlobThreshold", 5, 1, 1000));
}

/// <param name="HubName">The task hub's name. Default: TestHubName.</param>
/// <param name="MaxConcurrentActivities">Default: 10 for each core.</param>
/// <param name="MaxConcurrentOrchestrators">Default: 10 for each core.</param>
internal sealed record DurableSettings(string HubName, int MaxConcurrentActivities, int MaxConcurrentOrchestrators)
{
    public static DurableSettings Read(SettingReader read, string section)
    {
        var hubName = read.Text($"{section}:hubName") ?? "TestHubName";
        if (!Regex.IsMatch(hubName, "^[A-Za-z][A-Za-z0-9]{2,44}$"))
            read.Refuse($"{section}:hubName", "a letter, then 2 to 44 letters and digits");
        return new DurableSettings(
            hubName,
            read.Whole($"{section}:maxConcurrentActivityFunctions", 10 * Environment.ProcessorCount, 1, 10_000),
            read.Whole($"{section}:maxConcurrentOrchestratorFunctions", 10 * Environment.ProcessorCount, 1, 10_000));
    }
}

/// <param name="Urls">The addresses listened on. Default: http://127.0.0.1:7071.</param>
/// <param name="StateDirectory">The folder of the durable store. Default: .local/state below the current directory.</param>
/// <param name="DrainTimeout">How long work in hand may take to finish when the app is stopped. Default: 30 s.</param>
/// <param name="MessageLease">How long a message in hand stays hidden between renewals, and so after a crash. Default: 30 s.</param>
/// <param name="FunctionKey">The key that requests must carry where one is asked for; null for none.</param>
internal sealed record EmbeddedSettings(
    IReadOnlyList<string> Urls, string StateDirectory, TimeSpan DrainTimeout, TimeSpan MessageLease, string? FunctionKey)
{
    private const string Section = SettingReader.EmbeddedSection;

    /// <summary>Whether only this machine can reach the app.</summary>
    public bool OnLoopbackOnly => Urls.All(url => BindingAddress.Parse(url) is var address
        && (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))));

    public static EmbeddedSettings Read(SettingReader read, List<string> problems)
    {
        var urls = (read.Text($"{Section}:Urls") ?? "http://127.0.0.1:7071").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var url in urls.Where(url => !IsHttp(url)))
        {
            problems.Add($"The setting {SettingReader.NameOf($"{Section}:Urls")} holds '{url}'; expected addresses such as http://127.0.0.1:7071, "
                + "separated by semicolons. Put a proxy in front for https.");
        }

        return new EmbeddedSettings(
            [.. urls.Where(IsHttp)],
            Path.GetFullPath(read.Text($"{Section}:StateDirectory") ?? Path.Combine(".local", "state")),
            read.Time($"{Section}:DrainTimeout", TimeSpan.FromSeconds(30), TimeSpan.Zero, TimeSpan.FromHours(1)),
            read.Time($"{Section}:MessageLease", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(10)),
            read.Text($"{Section}:FunctionKey"));
    }

    private static bool IsHttp(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http", PathBase: "" };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
