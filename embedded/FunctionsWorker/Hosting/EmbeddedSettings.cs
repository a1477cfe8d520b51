using System.Net;
using Microsoft.AspNetCore.Http;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <param name="Urls">The addresses listened on. Default: http://127.0.0.1:7071, or the port that local.settings.json names as Host.LocalHttpPort.</param>
/// <param name="StateDirectory">The folder of the durable store. Default: .local/state below the current directory.</param>
/// <param name="DrainTimeout">How long work in hand may take to finish when the app is stopped. Default: 30 s.</param>
/// <param name="MessageLease">How long a message in hand stays hidden between renewals, and so after a crash. Default: 30 s.</param>
/// <param name="FunctionKey">A key that opens functions of the level Function; everything, where it is the only key given. Null for none.</param>
internal sealed record EmbeddedSettings(
    IReadOnlyList<string> Urls, string StateDirectory, TimeSpan DrainTimeout, TimeSpan MessageLease, string? FunctionKey)
{
    private const string Section = SettingReader.EmbeddedSection;

    /// <summary>The key that opens everything; null for none.</summary>
    public required string? MasterKey { get; init; }

    /// <summary>Whether keys are asked for even where only this machine can reach the app. Default: false.</summary>
    public required bool EnableAuth { get; init; }

    /// <summary>Whether authorization levels hold: always where other machines can reach the app, else where a key or EnableAuth is set.</summary>
    public bool AsksForKeys => EnableAuth || FunctionKey is not null || MasterKey is not null || !OnLoopbackOnly;

    /// <summary>Whether only this machine can reach the app.</summary>
    public bool OnLoopbackOnly => Urls.All(url => BindingAddress.Parse(url) is var address
        && (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))));

    public static EmbeddedSettings Read(SettingReader read, List<string> problems)
    {
        var urls = (read.Text($"{Section}:Urls") ?? $"http://127.0.0.1:{read.Whole("Host:LocalHttpPort", 7071, 1, 65535)}").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
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
            read.Text($"{Section}:FunctionKey"))
        {
            MasterKey = read.Text($"{Section}:MasterKey"),
            EnableAuth = read.Flag($"{Section}:EnableAuth", false),
        };
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
