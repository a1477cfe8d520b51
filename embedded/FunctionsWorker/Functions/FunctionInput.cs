using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Serverless.Embedded.FunctionsWorker.Http;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>One parameter of a function, and what gives its value.</summary>
/// <param name="Parameter">As the function's definition shows it.</param>
/// <param name="BindingType">The type of its binding as in function.json; null where it is bound to no service.</param>
/// <param name="Binding">What gives its value; null where only a converter of the app's can.</param>
/// <param name="Refusal">Why the host gives none.</param>
internal sealed record FunctionInput(FunctionParameter Parameter, string? BindingType, ParameterBinding? Binding, string? Refusal)
{
    /// <summary>The converter that the parameter or its type names; null for none.</summary>
    public Type? Converter { get; private init; }

    /// <summary>What reads its value from the trigger's metadata as JSON, once no converter of the app's has; null for none.</summary>
    public ParameterBinding? Json { get; init; }

    /// <summary>Whether its value is the trigger's.</summary>
    public bool IsTrigger { get; private init; }

    public static FunctionInput Of(ParameterInfo parameter, string? bindingType, ParameterBinding? binding, string? refusal)
    {
        var converter = parameter.GetCustomAttributes<InputConverterAttribute>()
            .Concat(parameter.ParameterType.GetCustomAttributes<InputConverterAttribute>())
            .FirstOrDefault()?.ConverterType;
        if (converter == typeof(RequestBody))
            converter = null;
        var properties = new Dictionary<string, object>();
        if (parameter.GetCustomAttribute<BindingAttribute>() is { } attribute)
            properties[ConversionProperties.BindingAttribute] = attribute;
        if (converter is not null)
            properties[ConversionProperties.ConverterType] = converter.AssemblyQualifiedName!;
        return new FunctionInput(
            new FunctionParameter(
                parameter.Name!, parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null, properties),
            bindingType, binding, refusal)
        {
            Converter = converter,
            IsTrigger = parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null,
        };
    }
}
