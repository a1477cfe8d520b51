using System.Text.Json;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <param name="RoutePrefix">What every HTTP function's route begins with. Default: api.</param>
internal sealed record HttpSettings(string RoutePrefix)
{
    /// <summary>The genuine host's limit, by the genuine host's setting. Default: 100 MiB.</summary>
    public required int MaxRequestBodyBytes { get; init; }

    /// <summary>How many requests may wait or be served at once; more are answered 429. Null for no limit, the default.</summary>
    public int? MaxOutstandingRequests { get; init; }

    /// <summary>How many requests may be served at once; more wait. Null for no limit, the default.</summary>
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>Headers that every answer to a function's caller carries, unless the function sets them.</summary>
    public IReadOnlyDictionary<string, string> CustomHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>How long browsers are told to use https alone; null for not at all, the default.</summary>
    public TimeSpan? HstsMaxAge { get; init; }

    /// <summary>The origins whose pages may call; "*" for any, none by default.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    public bool CorsCredentials { get; init; }

    /// <summary>Whether the page at the root address is left out. Default: false.</summary>
    public bool HomepageDisabled { get; init; }

    public static HttpSettings Read(SettingReader read, string section)
    {
        // Throttling by the counters of an App Service sandbox has no meaning here; the setting is known, and checked.
        read.Flag($"{section}:dynamicThrottlesEnabled", false);
        return new((read.Text($"{section}:routePrefix") ?? (read.IsEmpty($"{section}:routePrefix") ? "" : "api")).Trim('/'))
        {
            MaxRequestBodyBytes = read.Whole("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", 104_857_600, 1, int.MaxValue),
            MaxOutstandingRequests = LimitOf(read, $"{section}:maxOutstandingRequests"),
            MaxConcurrentRequests = LimitOf(read, $"{section}:maxConcurrentRequests"),
            CustomHeaders = read.Map($"{section}:customHeaders"),
            HstsMaxAge = read.Flag($"{section}:hsts:isEnabled", false) ? MaxAgeOf(read, $"{section}:hsts:maxAge") : null,
            CorsOrigins = OriginsOf(read),
            CorsCredentials = read.Flag("Host:CORSCredentials", false) || read.Flag("WEBSITE_CORS_SUPPORT_CREDENTIALS", false),
            HomepageDisabled = read.Flag("AzureWebJobsDisableHomepage", false),
        };
    }

    /// <summary>As TimeSpan is bound from configuration: a bare number is days.</summary>
    private static TimeSpan MaxAgeOf(SettingReader read, string key)
    {
        if (read.Text(key) is not { } text)
            return TimeSpan.FromDays(30);
        if (TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var age) && age >= TimeSpan.Zero)
            return age;
        read.Refuse(key, "a time such as 10.00:00:00 for ten days");
        return TimeSpan.FromDays(30);
    }

    private static int? LimitOf(SettingReader read, string key) => read.Whole(key, -1, -1, int.MaxValue) is > 0 and var limit ? limit : null;

    /// <summary>Of local.settings.json as Core Tools read it, separated by commas; or of the platform's setting, a JSON array.</summary>
    private static IReadOnlyList<string> OriginsOf(SettingReader read)
    {
        if (read.Text("Host:CORS") is { } local)
            return local.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (read.Text("WEBSITE_CORS_ALLOWED_ORIGINS") is not { } platform)
            return [];
        try
        {
            return JsonSerializer.Deserialize<string[]>(platform) ?? [];
        }
        catch (JsonException)
        {
            read.Refuse("WEBSITE_CORS_ALLOWED_ORIGINS", """a JSON array such as ["https://example.org"]""");
            return [];
        }
    }
}
