using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>What the machine must give before the host starts, tried beforehand, so that what is wanting is told by the name of its setting.</summary>
internal static class StartConditions
{
    /// <param name="settings">Where state is kept and on which addresses the host listens.</param>
    /// <param name="keepsState">Whether the app has any state of its own.</param>
    public static IEnumerable<string> Problems(EmbeddedSettings settings, bool keepsState)
    {
        if (keepsState && FolderProblem(settings.StateDirectory) is { } folder)
            yield return folder;
        foreach (var url in settings.Urls)
        {
            if (AddressProblem(url) is { } address)
                yield return address;
        }
    }

    private static string? FolderProblem(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            using var trial = new FileStream(
                Path.Combine(directory, $"{Guid.NewGuid():n}.trial"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return $"The folder '{directory}' cannot hold the app's state: {wrong.Message} "
                + $"Name a folder that this user can write to in the setting {SettingReader.NameOf($"{SettingReader.EmbeddedSection}:StateDirectory")}.";
        }
    }

    private static string? AddressProblem(string url)
    {
        var address = BindingAddress.Parse(url);
        if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0)
            return null;
        var ip = address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(address.Host.Trim('[', ']'), out var given) ? given
            : IPAddress.Any;
        try
        {
            using var trial = new TcpListener(ip, address.Port);
            trial.Start();
            return null;
        }
        catch (SocketException wrong)
        {
            return $"The address {url} cannot be listened on: {wrong.Message}. "
                + $"Stop what listens there, or name another address in the setting {SettingReader.NameOf($"{SettingReader.EmbeddedSection}:Urls")}.";
        }
    }
}
