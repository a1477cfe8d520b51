using Serverless.Local.Processes;

namespace Serverless.Tests.EndToEnd;

/// <summary>The platform as a user has it: a real Azurite and the real app as processes of their own, in a folder of their own.</summary>
public sealed class LocalPlatform : PlatformUnderTest, IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("serverless-e2e-");
    private AzuriteProcess? azurite;
    private AppProcess? app;

    public override Uri Url => app?.Url ?? throw new InvalidOperationException("The app is not running.");

    public AppProcess App => app ?? throw new InvalidOperationException("The app is not running.");

    public override string ConnectionString => azurite?.ConnectionString ?? throw new InvalidOperationException("Azurite is not running.");

    public static async Task<LocalPlatform> StartAsync(bool withApp = true)
    {
        var platform = new LocalPlatform();
        platform.azurite = await AzuriteProcess.StartAsync(
            new AzuriteOptions
            {
                Script = platform.Checkout.AzuriteScript,
                DataFolder = platform.PathOf("azurite"),
                LogFile = platform.PathOf("azurite.log"),
                Ports = AzuritePorts.Any,
            },
            CancellationToken.None);
        if (withApp)
        {
            await platform.StartAppAsync();
        }

        return platform;
    }

    /// <param name="environment">Further settings.</param>
    /// <param name="connectionString">How the app reaches its storage; default: as the tests do.</param>
    public async Task StartAppAsync(IReadOnlyDictionary<string, string>? environment = null, string? connectionString = null) => app = await AppProcess.StartAsync(
        new AppOptions
        {
            Assembly = Checkout.AppAssembly,
            ConnectionString = connectionString ?? ConnectionString,
            StateFolder = PathOf("state"),
            LogFile = PathOf("app.log"),
            Port = 0,
            Environment = environment ?? new Dictionary<string, string>(),
        },
        CancellationToken.None);

    /// <summary>kill -9.</summary>
    public async Task KillAppAsync()
    {
        await App.KillAsync();
        await App.DisposeAsync();
        app = null;
    }

    public async Task StopAppAsync()
    {
        await App.DisposeAsync();
        app = null;
    }

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    protected override string EndOfLog => string.Join('\n', File.ReadAllText(PathOf("app.log")).Split('\n').TakeLast(60));

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        if (azurite is not null)
        {
            await azurite.DisposeAsync();
        }

        Http.Dispose();
        folder.Delete(recursive: true);
    }
}
