using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>What a request passes through, in order, and where it ends.</summary>
internal static partial class HttpPipeline
{
    public static void AddServices(IServiceCollection services, HttpSettings settings)
    {
        // The slim builder leaves out the constraint that takes the most code.
        services.Configure<RouteOptions>(options => options.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        services.AddSingleton(provider => KeyStore.Open(provider.GetRequiredService<HostSettings>().Embedded.StateDirectory));
        services.AddSingleton(provider => AdmissionOf(
            provider.GetRequiredService<HostSettings>().Embedded, provider.GetRequiredService<KeyStore>(), provider.GetRequiredService<FunctionCatalog>()));
        if (settings.HstsMaxAge is { } age)
            services.Configure<HstsOptions>(options => options.MaxAge = age);
        if (settings.CorsOrigins.Count > 0)
            services.AddCors();
    }

    public static void Map(IApplicationBuilder web, HttpModel model)
    {
        var services = web.ApplicationServices;
        var settings = services.GetRequiredService<HostSettings>();
        var functions = services.GetRequiredService<FunctionCatalog>();
        web.UseMiddleware<FailureAnswers>();
        web.UseMiddleware<UnansweredRequests>();
        if (HttpThrottle.IsNeeded(settings.Http))
            web.UseMiddleware<HttpThrottle>();
        AddHeaders(web, settings.Http);
        AddCors(web, settings.Http);
        if (functions.UsesDurableTasks)
        {
            web.Use((RequestDelegate next) => (RequestDelegate)(http =>
            {
                DurableManagement.DecodePath(http.Request, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
                return next(http);
            }));
        }

        web.UseRouting();

        var keys = services.GetRequiredService<KeyStore>();
        var admission = services.GetRequiredService<HttpAdmission>();
        MakeKeys(keys, admission, functions, services.GetRequiredService<ILoggerFactory>().CreateLogger("Host.Keys"));
        web.UseEndpoints(endpoints =>
        {
            HttpFunctions.Map(endpoints, functions, services.GetRequiredService<FunctionInvoker>(), admission, model);
            AdminEndpoints.Map(endpoints, settings, functions, admission);
            KeyEndpoints.Map(endpoints, functions, admission, keys);
            if (!functions.UsesDurableTasks)
                return;
            var client = services.GetRequiredService<BoundDurableTaskClient>();
            var webhook = admission.Filter(AuthorizationLevel.System, HttpAdmission.DurableKey);
            DurableManagement.Map(endpoints, client, webhook);
            EntityManagement.Map(endpoints, client, functions, webhook);
        });
    }

    private static HttpAdmission AdmissionOf(EmbeddedSettings settings, KeyStore keys, FunctionCatalog functions) =>
        new(settings, keys, settings.AsksForKeys && functions.UsesDurableTasks ? LinkCodes.Open(settings.StateDirectory) : null);

    private static void AddHeaders(IApplicationBuilder web, HttpSettings settings)
    {
        if (settings.HstsMaxAge is not null)
            web.UseHsts();
        if (settings.CustomHeaders.Count == 0)
            return;
        web.Use((RequestDelegate next) => (RequestDelegate)(http =>
        {
            http.Response.OnStarting(() =>
            {
                foreach (var (name, value) in settings.CustomHeaders)
                    http.Response.Headers.TryAdd(name, value);
                return Task.CompletedTask;
            });
            return next(http);
        }));
    }

    private static void AddCors(IApplicationBuilder web, HttpSettings settings)
    {
        if (settings.CorsOrigins.Count == 0)
            return;
        web.UseCors(policy =>
        {
            policy.WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().AllowAnyMethod();
            if (settings.CorsCredentials)
                policy.AllowCredentials();
        });
    }

    /// <summary>Where keys are asked for and no setting gives the one that opens all, the host makes what the genuine one would.</summary>
    private static void MakeKeys(KeyStore keys, HttpAdmission admission, FunctionCatalog functions, ILogger logger)
    {
        if (!admission.AsksForKeys || admission.HasConfiguredMaster)
            return;
        List<KeyName> wanted = [KeyName.Master, new KeyName(KeyScope.Host, null, "default")];
        if (functions.UsesDurableTasks)
            wanted.Add(new KeyName(KeyScope.System, null, HttpAdmission.DurableKey));
        if (keys.MakeMissing(wanted) is > 0 and var made)
            LogKeysMade(logger, made, keys.FirstValuesPath);
    }

    [LoggerMessage(65, LogLevel.Warning, "{Count} keys were made. Their values are in {Path}, and nowhere else: note them, then delete the file. Only hashes are kept.")]
    private static partial void LogKeysMade(ILogger logger, int count, string path);
}
