using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>
/// Listens to builders of .NET's own, which an app that begins with <c>new HostBuilder()</c> builds by itself: what it was told to run as goes in after all that the app says,
/// and the host that comes out is handed over.
/// </summary>
internal sealed class HostBuilding(EmbeddedApp app) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];

    public static HostBuilding Observe(EmbeddedApp app)
    {
        var building = new HostBuilding(app);
        building._subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(building));
        return building;
    }

    public void OnNext(DiagnosticListener value)
    {
        // Builders of other apps in this process are not ours.
        if (ReferenceEquals(EmbeddedFunctions.Ambient.Value, app) && value.Name == "Microsoft.Extensions.Hosting")
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        switch (value)
        {
            case { Key: "HostBuilding", Value: IHostBuilder builder } when builder.Properties.ContainsKey(typeof(HostBuilderComposition)):
                builder.ConfigureAppConfiguration((_, configuration) => AppConfiguration.PutLast(configuration, app.Settings));
                builder.ConfigureServices(services => app.ConfigureServices?.Invoke(services));
                break;
            case { Key: "HostBuilt", Value: IHost host } when host.Services.GetService<HostBuilderComposition>() is not null:
                app.Built?.Invoke(host);
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}
