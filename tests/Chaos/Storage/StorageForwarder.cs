using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Serverless.Tests.Chaos.Storage;

/// <summary>Hands requests on to one service byte for byte, so that their signatures hold, or lets them fail.</summary>
internal sealed class StorageForwarder : IAsyncDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly WebApplication _server;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });
    private readonly string _target;
    private readonly Func<StorageRequest, StorageFault> _check;

    private StorageForwarder(Uri target, Func<StorageRequest, StorageFault> check)
    {
        _target = target.GetLeftPart(UriPartial.Authority);
        _check = check;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public static async Task<StorageForwarder> StartAsync(Uri target, Func<StorageRequest, StorageFault> check, CancellationToken cancellationToken)
    {
        var forwarder = new StorageForwarder(target, check);
        await forwarder._server.StartAsync(cancellationToken);
        return forwarder;
    }

    public async ValueTask DisposeAsync()
    {
        // What still waits is not waited for.
        using var now = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = raw.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? raw[mark..] : "";
        var fault = _check(new StorageRequest(context.Request.Method, raw[..^query.Length], query));
        switch (fault)
        {
            case StorageFault.InternalError:
                await RefuseAsync(context, StatusCodes.Status500InternalServerError, "InternalError");
                return;
            case StorageFault.ServerBusy:
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "ServerBusy");
                return;
            case StorageFault.Timeout:
                await Task.Delay(Silence, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.Abort();
                return;
            case StorageFault.Reset:
                context.Abort();
                return;
        }

        try
        {
            using var answer = await ForwardAsync(context, raw);
            await GiveAsync(context, answer, fault);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            // Either side has gone; the other sees a connection that ends.
            context.Abort();
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, string code)
    {
        // Read to its end, so that the connection stays usable and the sender sees the answer, not a broken pipe.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.Headers["x-ms-error-code"] = code;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(
            $"""<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>Injected.</Message></Error>""", context.RequestAborted);
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context, string raw)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_target + raw, AsWritten));
        if (context.Request.ContentLength is not null || context.Request.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return await _client.SendAsync(request, context.RequestAborted);
    }

    private static async Task GiveAsync(HttpContext context, HttpResponseMessage answer, StorageFault fault)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        var hasBody = body.Length > 0 && !HttpMethods.IsHead(context.Request.Method);
        if (fault == StorageFault.AnswerLost || (fault == StorageFault.AnswerCut && !hasBody))
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
            context.Response.Headers[name] = values.ToArray();
        if (!hasBody)
            return;
        if (fault != StorageFault.AnswerCut)
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
            return;
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
