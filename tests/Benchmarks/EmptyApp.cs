using Microsoft.AspNetCore.Builder;

namespace Serverless.Tests.Benchmarks;

/// <summary>The yardstick of starting up: an ASP.NET Core app that does nothing but answer the same request, run as a process of its own.</summary>
internal static class EmptyApp
{
    public const string Argument = "empty-app";

    public static Task RunAsync(string url)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("health/ready", () => "ready");
        return app.RunAsync(url);
    }
}
