using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Checks the log levels of host.json and of the section Logging before the logging framework, which refuses them in words of its own, reads them.</summary>
internal static class LogLevels
{
    public static void Check(IConfiguration configuration, SettingReader read)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (logging, levels) in ((string, string)[])[($"{SettingReader.HostSection}:logging", "logLevel"), ("Logging", "LogLevel")])
        {
            // One for all log providers, and one for each of them.
            foreach (var path in configuration.GetSection(logging).GetChildren().Select(provider => $"{provider.Key}:{levels}").Prepend(levels))
            {
                // What host.json says may be seen in both; it is told once.
                foreach (var level in configuration.GetSection($"{logging}:{path}").GetChildren().Where(level => !IsLevel(level.Value) && seen.Add($"{path}:{level.Key}={level.Value}")))
                    read.RefuseChoice($"{logging}:{path}:{level.Key}", Enum.GetNames<LogLevel>());
            }
        }
    }

    private static bool IsLevel(string? text) => string.IsNullOrEmpty(text) || Enum.TryParse<LogLevel>(text, ignoreCase: true, out _);
}
