using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Microsoft.Extensions.Hosting
{
    public static class WorkerHostBuilderExtensions
    {
        /// <summary>Makes the builder's host a function app.</summary>
        public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder) =>
            builder.ConfigureFunctionsWorkerDefaults((Action<IFunctionsWorkerApplicationBuilder>)(_ => { }));

        public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder, Action<IFunctionsWorkerApplicationBuilder> configure) =>
            builder.ConfigureFunctionsWorkerDefaults(configure, null);

        public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder, Action<WorkerOptions> configureOptions) =>
            builder.ConfigureFunctionsWorkerDefaults((IFunctionsWorkerApplicationBuilder _) => { }, configureOptions);

        public static IHostBuilder ConfigureFunctionsWorkerDefaults(
            this IHostBuilder builder, Action<IFunctionsWorkerApplicationBuilder> configure, Action<WorkerOptions>? configureOptions) =>
            builder.ConfigureFunctionsWorkerDefaults((_, worker) => configure(worker), configureOptions);

        public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure) =>
            builder.ConfigureFunctionsWorkerDefaults(configure, null);

        public static IHostBuilder ConfigureFunctionsWorkerDefaults(
            this IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure, Action<WorkerOptions>? configureOptions) =>
            HostBuilderComposition.Of(builder).Configure(configure, configureOptions);
    }

    public static class CoreWorkerHostBuilderExtensions
    {
        /// <summary>As <see cref="WorkerHostBuilderExtensions"/>; in this host the core is all there is.</summary>
        public static IHostBuilder ConfigureFunctionsWorker(
            this IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure, Action<WorkerOptions> configureOptions)
        {
            ArgumentNullException.ThrowIfNull(configure);
            return HostBuilderComposition.Of(builder).Configure(configure, configureOptions);
        }
    }

    public static class FunctionsHostBuilderExtensions
    {
        /// <summary>Makes the builder's host a function app whose HTTP functions take ASP.NET Core's request and return its results.</summary>
        public static IHostBuilder ConfigureFunctionsWebApplication(this IHostBuilder builder) =>
            builder.ConfigureFunctionsWebApplication((IFunctionsWorkerApplicationBuilder _) => { });

        public static IHostBuilder ConfigureFunctionsWebApplication(this IHostBuilder builder, Action<IFunctionsWorkerApplicationBuilder> configureWorker) =>
            builder.ConfigureFunctionsWebApplication((_, worker) => configureWorker(worker));

        public static IHostBuilder ConfigureFunctionsWebApplication(this IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configureWorker) =>
            HostBuilderComposition.Of(builder).WithAspNetCore().Configure(configureWorker, null);
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    public static class FunctionsWorkerHost
    {
        /// <summary>Runs a function app with these services until it is told to stop.</summary>
        public static void RunDefault(Action<IServiceCollection>? configureServices = null) => RunDefaultAsync(configureServices).GetAwaiter().GetResult();

        /// <inheritdoc cref="RunDefault" />
        public static async Task RunDefaultAsync(Action<IServiceCollection>? configureService = null) =>
            await Host.CreateDefaultBuilder()
                .ConfigureFunctionsWorkerDefaults()
                .ConfigureServices(services => configureService?.Invoke(services))
                .Build()
                .RunAsync();
    }
}
