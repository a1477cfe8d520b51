using System.Text.RegularExpressions;
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

    public required SingletonSettings Singleton { get; init; }

    public required EmbeddedSettings Embedded { get; init; }

    /// <summary>By whose clocks schedules go: the setting <c>WEBSITE_TIME_ZONE</c>. Default: the machine's.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>How long an invocation may take, orchestrations aside; null for no limit. Default: 30 minutes.</summary>
    public required TimeSpan? FunctionTimeout { get; init; }

    /// <summary>The functions that run; all when empty.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>What is to be said of settings that are there and not heeded.</summary>
    public required SettingNotices Notices { get; init; }

    public static HostSettings Read(IConfiguration configuration, string appName, List<string> problems)
    {
        var read = new SettingReader(configuration, problems);
        const string host = SettingReader.HostSection;
        if (read.Text($"{host}:version") is { } version && version != "2.0")
            read.Refuse($"{host}:version", "2.0");
        LogLevels.Check(configuration, read);
        var settings = new HostSettings
        {
            HostId = HostIdOf(read, appName),
            Http = HttpSettings.Read(read, $"{host}:extensions:http"),
            Queues = QueueSettings.Read(read, $"{host}:extensions:queues"),
            Blobs = BlobSettings.Read(read, $"{host}:extensions:blobs"),
            Durable = DurableSettings.Read(read, $"{host}:extensions:durableTask"),
            Singleton = SingletonSettings.Read(read, $"{host}:singleton"),
            TimeZone = TimeZoneOf(read),
            Embedded = EmbeddedSettings.Read(read, problems),
            FunctionTimeout = read.Text($"{host}:functionTimeout") is "-1"
                ? null
                : read.Time($"{host}:functionTimeout", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(1), TimeSpan.FromDays(20)),
            Functions = read.List($"{host}:functions"),
            Notices = new SettingNotices([], []),
        };
        return settings with { Notices = KnownSettings.Check(configuration, read.Read) };
    }

    private static TimeZoneInfo TimeZoneOf(SettingReader read)
    {
        const string key = "WEBSITE_TIME_ZONE";
        if (read.Text(key) is not { } name)
            return TimeZoneInfo.Local;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            return zone;
        read.Refuse(key, "the name of a time zone that this machine has, such as UTC or Europe/Berlin");
        return TimeZoneInfo.Utc;
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
