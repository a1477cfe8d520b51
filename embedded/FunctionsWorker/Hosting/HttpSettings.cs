namespace Serverless.Embedded.FunctionsWorker.Hosting;

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
