using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Makes a parameter's value from what the trigger or its metadata gives. One instance serves all invocations.</summary>
public interface IInputConverter
{
    ValueTask<ConversionResult> ConvertAsync(ConverterContext context);
}

/// <summary>What a converter is asked for.</summary>
public abstract class ConverterContext
{
    public abstract Type TargetType { get; }

    /// <summary>A message's or timer's text, a request's <c>HttpRequest</c>, or a value of the metadata; null where there is none of the parameter's name.</summary>
    public abstract object? Source { get; }

    public abstract FunctionContext FunctionContext { get; }

    public abstract IReadOnlyDictionary<string, object> Properties { get; }
}

/// <summary>What a converter answers.</summary>
public readonly struct ConversionResult
{
    private ConversionResult(ConversionStatus status, object? value, Exception? error)
    {
        Status = status;
        Value = value;
        Error = error;
    }

    public ConversionStatus Status { get; }

    public object? Value { get; }

    public Exception? Error { get; }

    /// <summary>The converter does not know the type; the next one is asked.</summary>
    public static ConversionResult Unhandled() => default;

    public static ConversionResult Success(object? value) => new(ConversionStatus.Succeeded, value, null);

    /// <summary>The converter knows the type, but not this content; the invocation fails.</summary>
    public static ConversionResult Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(ConversionStatus.Failed, null, exception);
    }
}

public enum ConversionStatus
{
    Unhandled,
    Succeeded,
    Failed,
}

/// <summary>Names the converter of a parameter, or of all parameters of a type.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Parameter | AttributeTargets.Enum | AttributeTargets.Struct | AttributeTargets.Interface, AllowMultiple = true)]
public class InputConverterAttribute : Attribute
{
    /// <exception cref="InvalidOperationException">The type is no <see cref="IInputConverter"/>.</exception>
    public InputConverterAttribute(Type converterType)
    {
        ArgumentNullException.ThrowIfNull(converterType);
        if (!typeof(IInputConverter).IsAssignableFrom(converterType))
            throw new InvalidOperationException($"{converterType.Name} must implement {typeof(IInputConverter).FullName} to be used as an input converter.");
        ConverterType = converterType;
    }

    public Type ConverterType { get; }
}

public static class ConverterContextExtensions
{
    /// <summary>The parameter's binding attribute, where it has one.</summary>
    public static bool TryGetBindingAttribute<T>(this ConverterContext context, out object? bindingAttribute)
        where T : Attribute =>
        context.Properties.TryGetValue(ConversionProperties.BindingAttribute, out bindingAttribute);

    /// <inheritdoc cref="TryGetBindingAttribute{T}" />
    public static bool TryGetBindingAttribute(this ConverterContext context, Type type, out object? bindingAttribute)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(Attribute).IsAssignableFrom(type))
            throw new ArgumentException($"The type '{type}' must be an attribute.", nameof(type));
        return context.Properties.TryGetValue(ConversionProperties.BindingAttribute, out bindingAttribute);
    }
}
