using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using FromBody = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>HTTP functions on ASP.NET Core's types.</summary>
public sealed class RoutedFunctions(Journal journal)
{
    [Function("ItemById")]
    public static IResult ById([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int:min(1)}")] HttpRequest request, int id) => Results.Text($"item {id} {request.Method}");

    [Function("ItemByName")]
    public static IResult ByName([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{name:alpha?}")] HttpRequest request, string? name) =>
        Results.Text($"named {name ?? "none"} {request.Method}");

    [Function("ItemPut")]
    public static IResult Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", "delete", Route = "items/{name}")] HttpRequest request, string name) =>
        Results.Text($"{request.Method} {name}");

    [Function("Rest")]
    public static IResult Rest([HttpTrigger(AuthorizationLevel.Anonymous, Route = "files/{*path}")] HttpRequest request, string path) => Results.Text($"{request.Method} {path}");

    [Function("Plate")]
    public static IResult Plate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "plates/{code:regex(^[A-Z]{{2}}\\d+$)}/{size=small}")] HttpRequest request, string code, string size) =>
        Results.Text($"{code} {size} {request.Method}");

    [Function("ValuesByName")]
    public static IResult Values(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "values/{route}")] HttpRequest request, string route, Guid query, int body, string? missing, int preset = 7) =>
        Results.Text($"{route} {query} {body} {missing ?? "none"} {preset} {request.ContentLength > 0}");

    [Function("Nothing")]
    public static void Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => ArgumentNullException.ThrowIfNull(request);

    [Function("PlainValue")]
    public static Order Plain([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new(request.Method, 1);

    [Function("Written")]
    public static Task Written([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        request.HttpContext.Response.WriteAsync("written by itself", request.HttpContext.RequestAborted);

    [Function("View")]
    public static async Task<HttpResponseData> View([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request)
    {
        var response = request.CreateResponse(System.Net.HttpStatusCode.Accepted);
        response.Headers.Add("x-from", request.Headers.GetValues("x-added").First());
        response.Cookies.Append("c", "1");
        await response.WriteAsJsonAsync(await request.ReadFromJsonAsync<Order>());
        return response;
    }

    [Function("HeaderEcho")]
    public static IResult Header([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text(request.Headers["x-added"].ToString());

    [Function("Pair")]
    public static Pair Pair([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new() { Answer = new OkObjectResult(request.Method) };

    [Function("BodyOnly")]
    public static IResult Body([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, [FromBody] Order order) => Results.Text($"{request.Method} {order.Id}");

    [Function("BodyOfTrigger")]
    public static IResult BodyOfTrigger([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "{region}/orders")][FromBody] Order order, string region) =>
        Results.Text($"{region} {order.Id}");

    [Function("Waiting")]
    public async Task<IResult> Wait([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wait/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        await journal.NoteAsync(id, cancellationToken);
        return Results.Text(request.Method);
    }

    [Function("Stream")]
    public static async Task Stream([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        for (var part = 0; part < 3; part++)
        {
            await response.WriteAsync($"part {part}\n", cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }
}

public sealed class Pair
{
    [HttpResult]
    public IActionResult? Answer { get; init; }
}

/// <summary>HTTP functions on the worker's own types.</summary>
public static class BuiltInFunctions
{
    [Function("BuiltIn")]
    public static async Task<HttpResponseData> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "built/{name}")] HttpRequestData request, string name, FunctionContext context)
    {
        var response = request.CreateResponse();
        response.StatusCode = System.Net.HttpStatusCode.Created;
        response.Headers.Add("x-cookie", string.Join(';', request.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
        response.Cookies.Append(new HttpCookie("seen", name) { Path = "/", HttpOnly = true, MaxAge = 60, SameSite = SameSite.Strict });
        await response.WriteStringAsync(
            $"{request.Method} {request.Url.AbsolutePath} {request.Query["q"]} {await request.ReadAsStringAsync()} {context.GetHttpContext() is null} {ReferenceEquals(request, await context.GetHttpRequestDataAsync())}");
        return response;
    }

    [Function("BuiltInText")]
    public static string Text([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request, [FromBody] string body) => $"{request.Method} {body}";

    [Function("BuiltInObject")]
    public static Order Object([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request, [FromBody] Order order) => order with { Id = request.Method + order.Id };

    [Function("BuiltInNothing")]
    public static void Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => ArgumentNullException.ThrowIfNull(request);

    [Function("BuiltInBytes")]
    public static byte[] Bytes([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request, [FromBody] byte[] body) => [.. body, (byte)request.Method.Length];

    [Function("BuiltInConvention")]
    public static object Convention([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) =>
        new { status = 418, body = request.Method, headers = new Dictionary<string, string> { ["x-pot"] = "tea" } };
}

public sealed class LevelFunctions
{
    [Function("MasterOnly")]
    public static IResult Admin([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text(request.Method);
}
