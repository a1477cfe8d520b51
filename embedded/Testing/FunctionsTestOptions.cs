using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Embedded.Testing;

/// <summary>How an app is started for a test.</summary>
public sealed record FunctionsTestOptions
{
    /// <summary>Its storage account, as the setting AzureWebJobsStorage. Default: a new one in memory.</summary>
    public TestStorage Storage { get; init; } = TestStorage.InMemory;

    /// <summary>
    /// Settings that win over host.json, local.settings.json, the environment and whatever the app reads, with the names they have in local.settings.json.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>The functions that run. Default: all.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>Adds services after the app's own, or replaces some: <c>services.AddSingleton&lt;IMailer&gt;(fake)</c>.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>The app's and the host's clock. Default: one of its own that starts at the present time.</summary>
    public TestClock? Clock { get; init; }

    /// <summary>
    /// The folder of host.json and local.settings.json. Default: that of the app's project, if host.json is there and the project on this machine; else that of the
    /// app's assembly, where several apps of one test project overwrite each other's.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>The folder of the durable store; it stays when the test is over. Default: one of its own, deleted with the app.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>What the app's entry point is given.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How long starting may take, and each wait for something that is to come about. Default: one minute.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);
}
