using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>At which address the host is reached: WEBSITE_HOSTNAME where it is set, else the first address listened on.</summary>
internal sealed class HostAddress(IServer server, IConfiguration configuration)
{
    public string Get()
    {
        if (configuration["WEBSITE_HOSTNAME"]?.Trim() is { Length: > 0 } name)
            return name.Contains("://", StringComparison.Ordinal) ? name : "http://" + name;
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The host listens on no address yet; ask again once it is started.");
        var bound = BindingAddress.Parse(address);
        var host = bound.Host is "0.0.0.0" or "[::]" or "*" or "+" ? "localhost" : bound.Host;
        return $"{bound.Scheme}://{host}:{bound.Port}";
    }
}
