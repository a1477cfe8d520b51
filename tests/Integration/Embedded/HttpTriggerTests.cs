using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;

namespace Serverless.Tests.Integration.Embedded;

public sealed class HttpTriggerTests
{
    [Fact]
    public async Task Route_NotGiven_IsTheFunctionsNameBelowTheDefaultPrefix()
    {
        await using var app = await TestApp.StartAsync(null, ["Hello"]);

        Assert.Equal("""{"greeting":"Hello you"}""", await app.Http.GetStringAsync("/api/hello?name=you"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/hello")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.PostAsync("/api/hello", null)).StatusCode);
    }

    [Theory]
    [InlineData("/things/pen/7", "GET pen 7 True")]
    [InlineData("/things/pen", "GET pen none True")]
    public async Task Route_WithParameters_BindsThem(string path, string expected)
    {
        await using var app = await TestApp.StartAsync(null, ["GetThing"], new() { ["AzureFunctionsJobHost:extensions:http:routePrefix"] = "" });

        var answer = await app.Http.GetAsync(path);

        Assert.Equal(203, (int)answer.StatusCode);
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Body_BoundToAType_IsReadFromJson()
    {
        await using var app = await TestApp.StartAsync(null, ["PostOrder"]);

        var answer = await app.Http.PostAsJsonAsync("/api/orders", new { id = "a", quantity = 2 });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("/api/orders/a", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Function_ThatThrows_AnswersAProblemWithoutInternals()
    {
        await using var app = await TestApp.StartAsync(null, ["Broken"]);

        var answer = await app.Http.GetAsync("/api/broken");
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.Contains(app.Log, line => line.Contains("the secret of /api/broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FunctionLevel_WithAKeyConfigured_AsksForIt()
    {
        await using var open = await TestApp.StartAsync(null, ["Guarded"]);
        await using var guarded = await TestApp.StartAsync(null, ["Guarded"], new() { ["EmbeddedHost:FunctionKey"] = "k1" });
        using var withHeader = new HttpRequestMessage(HttpMethod.Get, "/api/guarded") { Headers = { { "x-functions-key", "k1" } } };

        Assert.Equal("GET", await open.Http.GetStringAsync("/api/guarded"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.Http.GetAsync("/api/guarded")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.Http.GetAsync("/api/guarded?code=k2")).StatusCode);
        Assert.Equal("GET", await guarded.Http.GetStringAsync("/api/guarded?code=k1"));
        Assert.Equal(HttpStatusCode.OK, (await guarded.Http.SendAsync(withHeader)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.Http.GetAsync("/admin/functions")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.Http.GetAsync("/admin/host/status")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await guarded.Http.GetAsync("/admin/host/ping")).StatusCode);
    }

    [Fact]
    public async Task Body_LargerThanTheLimit_IsRefused()
    {
        await using var app = await TestApp.StartAsync(null, ["Echo"], new() { ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = "1000" });

        Assert.Equal("1000", await (await app.Http.PostAsync("/api/echo", new ByteArrayContent(new byte[1000]))).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await app.Http.PostAsync("/api/echo", new ByteArrayContent(new byte[1001]))).StatusCode);
    }

    [Fact]
    public async Task Middleware_Added_RunsAroundTheFunctionInOrder()
    {
        await using var app = await TestApp.StartAsync(null, ["Where"], configure: builder =>
        {
            builder.UseMiddleware((context, next) =>
            {
                context.Items["middleware"] = "outer";
                return next();
            });
            builder.UseMiddleware((context, next) =>
            {
                context.Items["middleware"] += ",inner";
                return next();
            });
        });

        Assert.Equal("True outer,inner", await app.Http.GetStringAsync("/api/where"));
    }

    [Fact]
    public async Task HostJson_RoutePrefixAndFunctionsSwitchedOff_AreHonoured()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "host.json"), """{ "version": "2.0", "extensions": { "http": { "routePrefix": "v1" } } }""");
        await File.WriteAllTextAsync(Path.Combine(directory, "local.settings.json"), """{ "Values": { "AzureWebJobs.Where.Disabled": "true" } }""");
        await using (var app = await TestApp.StartAsync(null, ["Hello", "Where"], directory: directory))
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/v1/hello")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/v1/where")).StatusCode);
        }

        Directory.Delete(directory, recursive: true);
    }
}
