using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Hosting;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Tests.Integration.Embedded;

public sealed class HttpModelTests
{
    private static readonly string[] BuiltIn = ["BuiltIn", "BuiltInText", "BuiltInObject", "BuiltInNothing", "BuiltInBytes", "BuiltInConvention"];

    [Fact]
    public async Task BuiltIn_RequestAndResponseData_CarryMethodQueryBodyHeadersAndCookies()
    {
        await using var app = await TestApp.StartAsync(null, BuiltIn, aspNetCore: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/built/pen?q=2")
        {
            Content = new StringContent("ink"),
            Headers = { { "Cookie", "a=1; b=2" } },
        };

        var answer = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("POST /api/built/pen 2 ink True True", await answer.Content.ReadAsStringAsync());
        Assert.Equal("a=1;b=2", answer.Headers.GetValues("x-cookie").Single());
        Assert.Equal("seen=pen; max-age=60; path=/; samesite=strict; httponly", answer.Headers.GetValues("Set-Cookie").Single());
    }

    [Fact]
    public async Task BuiltIn_OtherResults_AreSentAsTheGenuineHostSendsThem()
    {
        await using var app = await TestApp.StartAsync(null, BuiltIn, aspNetCore: false);

        var text = await app.Http.PostAsync("/api/BuiltInText", new StringContent("words"));
        var @object = await app.Http.PostAsJsonAsync("/api/BuiltInObject", new { id = "a", quantity = 2 });
        var bytes = await app.Http.PostAsync("/api/BuiltInBytes", new ByteArrayContent([1, 2]));
        var convention = await app.Http.GetAsync("/api/BuiltInConvention");

        Assert.Equal("POST words", await text.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", text.Content.Headers.ContentType?.MediaType);
        Assert.Equal("{\n  \"Id\": \"POSTa\",\n  \"Quantity\": 2\n}", (await @object.Content.ReadAsStringAsync()).ReplaceLineEndings("\n"));
        Assert.Equal("text/plain", @object.Content.Headers.ContentType?.MediaType);
        Assert.Equal([1, 2, 4], await bytes.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.GetAsync("/api/BuiltInNothing")).StatusCode);
        Assert.Equal((418, "GET", "tea"), ((int)convention.StatusCode, await convention.Content.ReadAsStringAsync(), convention.Headers.GetValues("x-pot").Single()));
    }

    [Fact]
    public async Task BuiltIn_Middleware_ChangesTheRequestAndReplacesTheResponse()
    {
        await using var app = await TestApp.StartAsync(null, BuiltIn, aspNetCore: false, configure: builder =>
            builder.UseMiddleware(async (context, next) =>
            {
                var request = await context.GetHttpRequestDataAsync();
                if (request!.Query["stop"] is not null)
                {
                    var response = request.CreateResponse(HttpStatusCode.Forbidden);
                    await response.WriteAsJsonAsync(new { reason = "stopped" });
                    context.GetInvocationResult().Value = response;
                    return;
                }

                await next();
                context.GetHttpResponseData()?.Headers.Add("x-after", "yes");
            }));

        var stopped = await app.Http.GetAsync("/api/built/pen?stop=1");
        var passed = await app.Http.GetAsync("/api/built/pen");

        Assert.Equal(HttpStatusCode.Forbidden, stopped.StatusCode);
        Assert.Equal("application/json", stopped.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"reason":"stopped"}""", await stopped.Content.ReadAsStringAsync());
        Assert.Equal("yes", passed.Headers.GetValues("x-after").Single());
    }

    [Fact]
    public async Task AspNetCore_Results_AreSentOrLeftOutAsOnTheGenuineWorker()
    {
        await using var app = await TestApp.StartAsync(null, ["Nothing", "PlainValue", "Written", "Pair", "Stream"]);

        var plain = await app.Http.GetAsync("/api/PlainValue");

        Assert.Equal((HttpStatusCode.OK, ""), ((await app.Http.GetAsync("/api/Nothing")).StatusCode, await app.Http.GetStringAsync("/api/Nothing")));
        Assert.Equal((HttpStatusCode.OK, ""), (plain.StatusCode, await plain.Content.ReadAsStringAsync()));
        Assert.Contains(app.Log, line => line.Contains("'PlainValue' returned a Order, which is not sent", StringComparison.Ordinal));
        Assert.Equal("written by itself", await app.Http.GetStringAsync("/api/Written"));
        Assert.Equal("GET", await app.Http.GetStringAsync("/api/Pair"));
        Assert.Equal("part 0\npart 1\npart 2\n", await app.Http.GetStringAsync("/api/Stream"));
    }

    [Fact]
    public async Task AspNetCore_WorkersOwnTypes_WorkBesideAspNetCores()
    {
        await using var app = await TestApp.StartAsync(null, ["View", "HeaderEcho"], configure: builder =>
            builder.UseMiddleware(async (context, next) =>
            {
                (await context.GetHttpRequestDataAsync())!.Headers.Add("x-added", "by middleware");
                await next();
            }));

        var answer = await app.Http.PostAsJsonAsync("/api/View", new { id = "a", quantity = 2 });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("""{"Id":"a","Quantity":2}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("by middleware", answer.Headers.GetValues("x-from").Single());
        Assert.StartsWith("c=1", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.Equal("by middleware", await app.Http.GetStringAsync("/api/HeaderEcho"));
    }

    [Fact]
    public async Task AspNetCore_Middleware_ReplacesTheResultOrAnswersByItself()
    {
        await using var app = await TestApp.StartAsync(null, ["Hello"], configure: builder =>
            builder.UseMiddleware(async (context, next) =>
            {
                var http = context.GetHttpContext()!;
                if (http.Request.Query.ContainsKey("stop"))
                {
                    http.Response.StatusCode = 403;
                    return;
                }

                await next();
                context.GetInvocationResult().Value = new ObjectResult("replaced") { StatusCode = 203 };
            }));

        Assert.Equal(HttpStatusCode.Forbidden, (await app.Http.GetAsync("/api/hello?stop=1")).StatusCode);
        var replaced = await app.Http.GetAsync("/api/hello");
        Assert.Equal((203, "replaced"), ((int)replaced.StatusCode, await replaced.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task AspNetCore_TriggerParameterMarkedFromBody_IsReadFromTheBody()
    {
        await using var app = await TestApp.StartAsync(null, ["BodyOfTrigger"]);

        var answer = await app.Http.PostAsJsonAsync("/api/north/orders", new { id = "a", quantity = 2 });

        Assert.Equal("north a", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("""{"id":"a"}""", "text/plain")]
    public async Task AspNetCore_BodyThatIsNotOfTheForm_FailsTheFunctionAsOnTheGenuineWorker(string body, string type)
    {
        await using var app = await TestApp.StartAsync(null, ["BodyOnly"]);

        var answer = await app.Http.PostAsync("/api/BodyOnly", new StringContent(body, null, type));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(app.Log, line => line.Contains("InvalidOperationException: The request's body", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AspNetCoresRequest_WithoutTheIntegration_RefusesToStart()
    {
        var refusal = await Assert.ThrowsAsync<HostStartException>(() => TestApp.StartAsync(null, ["Hello", "BuiltIn"], aspNetCore: false));

        Assert.Contains("(Hello) that take ASP.NET Core's HttpRequest. Call builder.ConfigureFunctionsWebApplication()", Assert.Single(refusal.Problems), StringComparison.Ordinal);
    }
}
