using System.ComponentModel;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Binds a parameter to the trigger's metadata of the same name: a route value, a part of a blob's path, a message's id, a blob's properties.</summary>
internal static class BindingDataValue
{
    /// <summary>The binding; null when text cannot be turned into the parameter's type.</summary>
    public static ParameterBinding? For(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var target = Nullable.GetUnderlyingType(type) ?? type;
        var absent = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        var mustBeThere = !parameter.HasDefaultValue && type.IsValueType && target == type;
        if (target == typeof(string))
            return invocation => new(invocation.BindingContext.BindingData.GetValueOrDefault(parameter.Name!)?.ToString() ?? absent);
        if (!(target.IsPrimitive || target.IsEnum || target == typeof(decimal) || target == typeof(Guid) || target == typeof(DateTime)
            || target == typeof(DateTimeOffset) || target == typeof(TimeSpan) || target == typeof(Uri)))
            return null;

        var converter = TypeDescriptor.GetConverter(target);
        return invocation =>
        {
            if (invocation.BindingContext.BindingData.GetValueOrDefault(parameter.Name!)?.ToString() is not { } text)
                return mustBeThere ? throw Missing(parameter, target, invocation) : new(absent);

            try
            {
                // Dates and addresses are JSON in the metadata, hence quoted.
                return new(converter.ConvertFromInvariantString(text.Trim('"')));
            }
            catch (Exception wrong) when (wrong is FormatException or ArgumentException or NotSupportedException)
            {
                throw new FunctionInputConverterException(
                    $"The value of '{parameter.Name}' could not be read as {target.Name}, which the function '{invocation.FunctionDefinition.Name}' expects.", wrong);
            }
        };
    }

    /// <summary>The binding of any other type, which the worker reads from the text as JSON; null when nothing could be read as it.</summary>
    public static ParameterBinding? OfJson(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type.IsPointer || type.IsByRef || type.IsByRefLike || typeof(Delegate).IsAssignableFrom(type))
            return null;
        var absent = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        var mustBeThere = !parameter.HasDefaultValue && type.IsValueType && Nullable.GetUnderlyingType(type) is null;
        return invocation => invocation.BindingContext.BindingData.GetValueOrDefault(parameter.Name!)?.ToString() is { } text
            ? new(invocation.Serializer.Read(BinaryData.FromString(text), type, $"value of '{parameter.Name}'", invocation.FunctionDefinition.Name))
            : mustBeThere ? throw Missing(parameter, type, invocation) : new(absent);
    }

    private static FunctionInputConverterException Missing(ParameterInfo parameter, Type type, Invocation invocation) => new(
        $"The parameter '{parameter.Name}' of the function '{invocation.FunctionDefinition.Name}' is a {type.Name}, and nothing of that name came with what triggered it. "
        + "Give the parameter a default value or make it nullable.");
}
