using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>Stands for the host's own conversions in the row of converters.</summary>
internal sealed class HostConversions : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(ConversionResult.Unhandled());
}

/// <summary>
/// Binds parameters through the app's converters and the host's conversions: first the converter that the parameter or its type names, then all in the order
/// in which <see cref="WorkerOptions.InputConverters"/> has them.
/// </summary>
internal sealed class InputConverters
{
    private readonly IServiceProvider _services;
    private readonly ConcurrentDictionary<Type, IInputConverter> _instances = new();
    private readonly IReadOnlyList<Type> _before;
    private readonly IReadOnlyList<Type> _after;
    private readonly bool _hostConverts;

    public InputConverters(IOptions<WorkerOptions> options, IServiceProvider services)
    {
        _services = services;
        var types = options.Value.InputConverters.ToList();
        var host = types.IndexOf(typeof(HostConversions));
        _hostConverts = host >= 0;
        _before = _hostConverts ? types[..host] : types;
        _after = _hostConverts ? types[(host + 1)..] : [];
    }

    /// <summary>Whether the app has registered converters that are asked for any parameter.</summary>
    public bool Any => _before.Count + _after.Count > 0;

    /// <summary>One binding for each parameter, in order.</summary>
    public IReadOnlyList<ParameterBinding> BindingsOf(DeclaredFunction function) =>
        [.. function.Inputs.Select(input => BindingOf(function, input))];

    private ParameterBinding BindingOf(DeclaredFunction function, FunctionInput input)
    {
        IReadOnlyList<Type> before = input.Converter is null ? _before : [input.Converter, .. _before];
        var own = _hostConverts ? input.Binding : null;
        var json = _hostConverts ? input.Json : null;
        if (before.Count == 0 && (own ?? (_after.Count == 0 ? json : null)) is { } alone)
            return alone;
        var first = before.Select(InstanceOf).ToList();
        var last = _after.Select(InstanceOf).ToList();
        return async invocation =>
        {
            var context = new Context(invocation, input);
            if (await ConvertAsync(first, context) is { Status: ConversionStatus.Succeeded } early)
                return early.Value;
            if (own is not null)
                return await own(invocation);
            if (await ConvertAsync(last, context) is { Status: ConversionStatus.Succeeded } late)
                return late.Value;
            // The app's converters first: whether the genuine worker asks them before it tries JSON depends on when they were registered.
            if (json is not null)
                return await json(invocation);
            if (input.Parameter.HasDefaultValue)
                return input.Parameter.DefaultValue;
            return input.Parameter.IsReferenceOrNullableType && input.Refusal is null
                ? null
                : throw new FunctionInputConverterException(
                    $"No converter could make the parameter '{input.Parameter.Name}' ({input.Parameter.Type}) of the function '{function.Name}'. {input.Refusal}");
        };
    }

    private static async ValueTask<ConversionResult> ConvertAsync(List<IInputConverter> converters, Context context)
    {
        foreach (var converter in converters)
        {
            var result = await converter.ConvertAsync(context);
            if (result.Status == ConversionStatus.Failed)
                throw new FunctionInputConverterException(
                    $"The parameter '{context.Input.Parameter.Name}' of the function '{context.FunctionContext.FunctionDefinition.Name}' could not be converted to "
                    + $"{context.TargetType} by {converter.GetType().Name}: {result.Error?.Message}", result.Error);
            if (result.Status == ConversionStatus.Succeeded)
                return result;
        }

        return ConversionResult.Unhandled();
    }

    private IInputConverter InstanceOf(Type type) =>
        _instances.GetOrAdd(type, _ => (IInputConverter)ActivatorUtilities.CreateInstance(_services, type));

    private sealed class Context(Invocation invocation, FunctionInput input) : ConverterContext
    {
        public FunctionInput Input => input;

        public override Type TargetType => input.Parameter.Type;

        public override object? Source => input.IsTrigger
            ? ConversionSource.Of(invocation)
            : invocation.BindingContext.BindingData.GetValueOrDefault(input.Parameter.Name);

        public override FunctionContext FunctionContext => invocation;

        public override IReadOnlyDictionary<string, object> Properties => input.Parameter.Properties;
    }
}
