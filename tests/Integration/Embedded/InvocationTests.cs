using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Context.Features;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>Contexts, middleware and converters, seen through HTTP functions.</summary>
public sealed class InvocationTests
{
    [Theory]
    [InlineData("212F", HttpStatusCode.OK, "GET 100")]
    [InlineData("warm", HttpStatusCode.InternalServerError, null)]
    public async Task Converter_NamedByTheParametersType_GivesTheValue(string temperature, HttpStatusCode status, string? expected)
    {
        await using var app = await StartAsync("Warm");

        var answer = await app.Http.GetAsync($"/api/warm?temperature={temperature}");

        Assert.Equal(status, answer.StatusCode);
        if (expected is null)
            Assert.Contains(app.Log, line => line.Contains("'temperature' of the function 'Warm' could not be converted to", StringComparison.Ordinal) && line.Contains("'warm' is no temperature", StringComparison.Ordinal));
        else
            Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Converter_RegisteredWithTheOptions_GivesWhatTheHostDoesNot()
    {
        await using var app = await StartAsync("OfTenant", builder => builder.Services.Configure<WorkerOptions>(options => options.InputConverters.Register<TenantConverter>()));
        app.Http.DefaultRequestHeaders.Add("tenant", "north");

        Assert.Equal("GET north", await app.Http.GetStringAsync("/api/oftenant"));
    }

    [Fact]
    public async Task Converter_NotRegistered_RefusesToStart()
    {
        var refusal = await Assert.ThrowsAsync<HostStartException>(() => StartAsync("OfTenant"));

        Assert.Contains("'tenant' of the function 'OfTenant'", Assert.Single(refusal.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "1,2", "GET 1 2")]
    [InlineData(null, "1,2", "GET 1 2")]
    [InlineData(null, """{"x":3,"y":4}""", "GET 3 4")]
    public async Task Converter_Registered_IsAskedForARoutesParameter(int? place, string text, string expected)
    {
        await using var app = await StartAsync("At", builder => builder.Services.Configure<WorkerOptions>(options =>
        {
            if (place is { } index)
                options.InputConverters.RegisterAt<PointConverter>(index);
            else
                options.InputConverters.Register<PointConverter>();
        }));

        Assert.Equal(expected, await app.Http.GetStringAsync($"/api/points/{Uri.EscapeDataString(text)}"));
    }

    [Fact]
    public async Task RouteParameter_OfATypeWithoutAConverter_IsReadAsJson()
    {
        await using var app = await StartAsync("At");

        Assert.Equal("GET 5 6", await app.Http.GetStringAsync($"/api/points/{Uri.EscapeDataString("""{"X":5,"Y":6}""")}"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Http.GetAsync("/api/points/1,2")).StatusCode);
        Assert.Contains(app.Log, line => line.Contains("The value of 'p' could not be read as Point, which the function 'At' expects", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "GET HELLO!")]
    [InlineData(false, "GET hello")]
    public async Task Converter_RegisteredBeforeTheHostsOwn_WinsOverThem(bool first, string expected)
    {
        await using var app = await StartAsync("Say", builder => builder.Services.Configure<WorkerOptions>(options =>
        {
            if (first)
                options.InputConverters.RegisterAt<ShoutingConverter>(0);
            else
                options.InputConverters.Register<ShoutingConverter>();
        }));

        Assert.Equal(expected, await app.Http.GetStringAsync("/api/say?word=hello"));
    }

    [Fact]
    public async Task Middleware_InputsChanged_ReachTheFunction()
    {
        await using var app = await StartAsync("Count", builder =>
        {
            builder.UseMiddleware(async (context, next) =>
            {
                var from = await context.BindInputAsync<int>(new Named("from"));
                from.Value += 10;
                await next();
            });
            builder.UseMiddleware(async (context, next) =>
            {
                var inputs = await context.Features.Get<IFunctionInputBindingFeature>()!.BindFunctionInputAsync(context);
                inputs.Values[1] = (int)inputs.Values[1]! + 100;
                await next();
            });
        });

        Assert.Equal("""{"first":115,"last":116}""", await app.Http.GetStringAsync("/api/count?from=5"));
    }

    [Fact]
    public async Task Middleware_ResultChanged_IsWhatIsAnswered()
    {
        await using var app = await StartAsync("Count", builder => builder.UseMiddleware(async (context, next) =>
        {
            await next();
            var result = context.GetInvocationResult<Numbers>();
            result.Value = result.Value! with { Last = 99 };
            Assert.Throws<InvalidOperationException>(context.GetInvocationResult<string>);
            Assert.Same(result.Value, context.GetInvocationResult().Value);
        }));

        Assert.Equal("""{"first":5,"last":99}""", await app.Http.GetStringAsync("/api/count?from=5"));
    }

    [Fact]
    public async Task Middleware_Several_RunInTheOrderAddedAndUseWhenOnlyWhereItHolds()
    {
        await using var app = await StartAsync(
            ["Say", "Count"],
            builder =>
            {
                builder.UseMiddleware<NotingMiddleware>();
                builder.UseWhen(context => context.FunctionDefinition.Name == "Say", (context, next) => NoteAsync(context, "inner", next));
                builder.UseWhen<SkippingMiddleware>(context => context.FunctionDefinition.Name == "Count");
            });

        await app.Http.GetStringAsync("/api/say?word=a");
        Assert.Equal(["outer", "inner", "after inner", "after outer"], app.Journal.Entries);
        Assert.Equal("skipped", await app.Http.GetStringAsync("/api/count?from=1"));
    }

    [Fact]
    public async Task Middleware_FailureCaught_CanAnswerInstead()
    {
        await using var app = await StartAsync("Broken", builder => builder.UseMiddleware(async (context, next) =>
        {
            try
            {
                await next();
            }
            catch (InvalidOperationException failure)
            {
                context.GetInvocationResult().Value = "caught: " + failure.Message;
            }
        }));

        Assert.Equal("caught: the secret of /api/broken", await app.Http.GetStringAsync("/api/broken"));
    }

    [Fact]
    public async Task Instance_OfEachInvocation_GetsItsScopeAndIsDisposed()
    {
        await using var app = await StartAsync("Scoped");

        Assert.Equal("GET True", await app.Http.GetStringAsync("/api/scoped"));
        Assert.Equal(["ran", "disposed"], app.Journal.Entries);
    }

    [Fact]
    public async Task Activator_OfTheApp_MakesTheInstances()
    {
        await using var app = await StartAsync("Scoped", builder => builder.Services.AddSingleton<IFunctionActivator, OwnActivator>());

        Assert.Equal("GET False", await app.Http.GetStringAsync("/api/scoped"));
    }

    [Fact]
    public async Task Context_OfAnHttpInvocation_CarriesTheCallersTraceAndTheRoute()
    {
        await using var app = await StartAsync("Traced");
        app.Http.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        app.Http.DefaultRequestHeaders.Add("tracestate", "vendor=1");

        var answer = await app.Http.GetStringAsync("/api/traced/7");

        Assert.Matches("^GET 7 00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-0[01] vendor=1 7 none$", answer);
    }

    private static Task<TestApp> StartAsync(string function, Action<FunctionsApplicationBuilder>? configure = null) => StartAsync([function], configure);

    private static Task<TestApp> StartAsync(string[] functions, Action<FunctionsApplicationBuilder>? configure) =>
        TestApp.StartAsync(null, functions, configure: builder =>
        {
            builder.Services.AddScoped<ScopedThing>();
            builder.UseMiddleware(SendPlainValues);
            configure?.Invoke(builder);
        });

    /// <summary>With ASP.NET Core's integration only its results are sent; these functions return plain values, as those of other triggers do.</summary>
    private static async Task SendPlainValues(FunctionContext context, Func<Task> next)
    {
        await next();
        var result = context.GetInvocationResult();
        result.Value = result.Value switch
        {
            IResult answer => answer,
            string text => Results.Text(text),
            var other => Results.Json(other),
        };
    }

    private static async Task NoteAsync(FunctionContext context, string name, Func<Task> next)
    {
        var journal = context.InstanceServices.GetRequiredService<Journal>();
        journal.Note(name);
        await next();
        journal.Note("after " + name);
    }

    private sealed class NotingMiddleware : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => NoteAsync(context, "outer", () => next(context));
    }

    private sealed class SkippingMiddleware : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            context.GetInvocationResult().Value = "skipped";
            return Task.CompletedTask;
        }
    }

    private sealed class OwnActivator : IFunctionActivator
    {
        public object CreateInstance(Type instanceType, FunctionContext context) =>
            new InvocationFunctions(context.InstanceServices.GetRequiredService<Journal>(), new ScopedThing());
    }

    private sealed class Named(string name) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => "";

        public override BindingDirection Direction => BindingDirection.In;
    }
}
