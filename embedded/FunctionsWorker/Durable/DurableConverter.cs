using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>What reads and writes the payloads of orchestrations and entities: the worker's serializer, unless the app sets another past its own options, as on the genuine worker.</summary>
internal static partial class DurableConverter
{
    /// <summary>Before the app's own services, so that what it sets by PostConfigure comes later and holds.</summary>
    public static void AddDefaults(IServiceCollection services)
    {
        services.AddOptions<DurableTaskWorkerOptions>().Configure(options => options.EnableEntitySupport = true).PostConfigure<WorkerSerializer, ILoggerFactory>((options, serializer, loggers) =>
        {
            Notice(options.DataConverter, nameof(DurableTaskWorkerOptions), loggers);
            options.DataConverter = serializer;
        });
        services.AddOptions<DurableTaskClientOptions>().Configure(options => options.EnableEntitySupport = true).PostConfigure<WorkerSerializer, ILoggerFactory>((options, serializer, loggers) =>
        {
            Notice(options.DataConverter, nameof(DurableTaskClientOptions), loggers);
            options.DataConverter = serializer;
        });
    }

    /// <exception cref="HostStartException">Orchestrators and their clients have different ones.</exception>
    public static DataConverter Of(IServiceProvider services)
    {
        var worker = services.GetRequiredService<IOptions<DurableTaskWorkerOptions>>().Value.DataConverter;
        var client = services.GetRequiredService<IOptions<DurableTaskClientOptions>>().Value.DataConverter;
        return ReferenceEquals(worker, client)
            ? worker
            : throw new HostStartException([$"{nameof(DurableTaskWorkerOptions)}.{nameof(DurableTaskWorkerOptions.DataConverter)} is a {worker.GetType().Name} and "
                + $"{nameof(DurableTaskClientOptions)}.{nameof(DurableTaskClientOptions.DataConverter)} a {client.GetType().Name}. The engine has one: set both to the same object by PostConfigure."]);
    }

    private static void Notice(DataConverter configured, string options, ILoggerFactory loggers)
    {
        if (!ReferenceEquals(configured, JsonDataConverter.Default))
            LogOverridden(loggers.CreateLogger("Host"), options, configured.GetType().Name);
    }

    [LoggerMessage(83, LogLevel.Warning, "{Options}.DataConverter is set to a {Converter} by Configure, which has no effect, here as in the genuine worker: payloads are read and written "
        + "by WorkerOptions.Serializer. Set that, or set the converter by PostConfigure")]
    private static partial void LogOverridden(ILogger logger, string options, string converter);
}
