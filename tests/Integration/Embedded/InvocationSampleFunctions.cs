using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>A value that names its converter.</summary>
[InputConverter(typeof(TemperatureConverter))]
public sealed record Temperature(double Celsius);

/// <summary>A value that only a converter registered with the worker's options gives.</summary>
public sealed record Tenant(string Name);

/// <summary>A value that a route gives as text.</summary>
public sealed record Point(int X, int Y);

/// <summary>Reads points as they stand in addresses: <c>1,2</c>.</summary>
public sealed class PointConverter : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(
        context.TargetType == typeof(Point) && context.Source is string text && text.Split(',') is [var first, var second] && int.TryParse(first, out var x) && int.TryParse(second, out var y)
            ? ConversionResult.Success(new Point(x, y))
            : ConversionResult.Unhandled());
}

public sealed class TemperatureConverter : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(
        context.Source is not string text ? ConversionResult.Unhandled()
        : double.TryParse(text.TrimEnd('F'), out var fahrenheit) ? ConversionResult.Success(new Temperature((fahrenheit - 32) / 1.8))
        : ConversionResult.Failed(new FormatException($"'{text}' is no temperature")));
}

public sealed class TenantConverter : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(
        context.TargetType == typeof(Tenant)
            ? ConversionResult.Success(new Tenant(context.FunctionContext.GetHttpContext()!.Request.Headers["tenant"].ToString()))
            : ConversionResult.Unhandled());
}

/// <summary>Answers everything that it is asked for text with the same.</summary>
public sealed class ShoutingConverter : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(
        context.TargetType == typeof(string) ? ConversionResult.Success($"{context.Source}!".ToUpperInvariant()) : ConversionResult.Unhandled());
}

public sealed class ScopedThing
{
    public Guid Id { get; } = Guid.NewGuid();
}

public sealed class InvocationFunctions(Journal journal, ScopedThing thing) : IAsyncDisposable
{
    [Function("Warm")]
    public static string Warm([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, Temperature temperature) => $"{request.Method} {temperature.Celsius}";

    [Function("OfTenant")]
    public static string OfTenant([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, Tenant tenant) => $"{request.Method} {tenant.Name}";

    [Function("At")]
    public static string At([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "points/{p}")] HttpRequest request, Point p) => $"{request.Method} {p.X} {p.Y}";

    [Function("Say")]
    public static string Say([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, string word) => $"{request.Method} {word}";

    [Function("Count")]
    public static Numbers Count([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, int from) => new(from, from + request.Query.Count);

    [Function("Scoped")]
    public async Task<IResult> Scoped([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context)
    {
        await journal.NoteAsync("ran", context.CancellationToken);
        return Results.Text($"{request.Method} {ReferenceEquals(thing, context.InstanceServices.GetService(typeof(ScopedThing)))}");
    }

    [Function("Traced")]
    public static string Traced([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "traced/{id:int}")] HttpRequest request, FunctionContext context, int id) =>
        $"{request.Method} {id} {context.TraceContext.TraceParent} {context.TraceContext.TraceState} {context.BindingContext.BindingData["id"]} {context.RetryContext?.RetryCount.ToString() ?? "none"}";

    public ValueTask DisposeAsync()
    {
        journal.Note("disposed");
        return ValueTask.CompletedTask;
    }
}

public sealed record Numbers(int First, int Last);
