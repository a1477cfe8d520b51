using System.ComponentModel;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Binds a parameter to the trigger's metadata of the same name: a route value, a part of a blob's path, a message's id.</summary>
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
            {
                return mustBeThere
                    ? throw new FunctionInputConverterException(
                        $"The parameter '{parameter.Name}' of the function '{invocation.FunctionDefinition.Name}' is a {target.Name}, and nothing of that name came with what triggered it. "
                        + "Give the parameter a default value or make it nullable.")
                    : new(absent);
            }

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
}
