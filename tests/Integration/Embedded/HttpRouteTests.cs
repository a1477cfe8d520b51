using System.Net;

namespace Serverless.Tests.Integration.Embedded;

public sealed class HttpRouteTests
{
    private static readonly string[] All = ["ItemById", "ItemByName", "ItemPut", "Rest", "Plate", "ValuesByName"];

    [Fact]
    public async Task Route_WithConstraintsMethodsAndDefaults_ReachesTheFunctionThatFits()
    {
        await using var app = await TestApp.StartAsync(null, All);

        Assert.Equal("item 7 GET", await app.Http.GetStringAsync("/api/items/7"));
        Assert.Equal("named pen GET", await app.Http.GetStringAsync("/API/Items/pen"));
        Assert.Equal("named none GET", await app.Http.GetStringAsync("/api/items"));
        Assert.Equal("PUT pen", await Text(app, HttpMethod.Put, "/api/items/pen"));
        Assert.Equal("DELETE 7", await Text(app, HttpMethod.Delete, "/api/items/7"));
        Assert.Equal("PATCH a/b/c.txt", await Text(app, HttpMethod.Patch, "/api/files/a/b/c.txt"));
        Assert.Equal("OPTIONS x", await Text(app, HttpMethod.Options, "/api/files/x"));
        Assert.Equal("AB12 small GET", await app.Http.GetStringAsync("/api/plates/AB12"));
        Assert.Equal("AB12 big GET", await app.Http.GetStringAsync("/api/plates/AB12/big"));
    }

    [Theory]
    [InlineData("GET", "/api/items/0")]
    [InlineData("GET", "/api/items/a1")]
    [InlineData("POST", "/api/items/pen")]
    [InlineData("HEAD", "/api/items/pen")]
    [InlineData("GET", "/api/plates/a1")]
    [InlineData("GET", "/items/7")]
    public async Task Route_ThatNoFunctionFits_IsAnswered404(string method, string path)
    {
        await using var app = await TestApp.StartAsync(null, All);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        var answer = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Parameters_NamedAsValuesOfRouteQueryAndBody_GetThem()
    {
        await using var app = await TestApp.StartAsync(null, All);
        var query = Guid.NewGuid();

        var answer = await app.Http.PostAsync($"/api/values/r?query={query}&body=1&code=k", new StringContent("""{"body": 12, "route": "x"}""", null, "application/json"));
        var bodyAlone = await app.Http.PostAsync($"/api/values/r?query={query}", new StringContent("""{"body": 12}""", null, "application/json"));
        var withoutNumber = await app.Http.PostAsync($"/api/values/r?query={query}", null);

        Assert.Equal($"r {query} 1 none 7 True", await answer.Content.ReadAsStringAsync());
        Assert.Equal($"r {query} 12 none 7 True", await bodyAlone.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.InternalServerError, withoutNumber.StatusCode);
    }

    private static async Task<string> Text(TestApp app, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        return await (await app.Http.SendAsync(request)).Content.ReadAsStringAsync();
    }
}
