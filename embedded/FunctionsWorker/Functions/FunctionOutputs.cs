using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>All that a function writes when it has succeeded: what its method returns, or several properties of that, each to a place of its own.</summary>
internal sealed class FunctionOutputs
{
    /// <summary>The name of the binding of a method's whole result.</summary>
    public const string Return = "$return";

    private readonly IReadOnlyList<PropertyInfo> _properties;
    private readonly HttpOutput? _answer;

    private FunctionOutputs(IReadOnlyList<OutputBinding> bindings, IReadOnlyList<PropertyInfo> properties)
    {
        Bindings = bindings;
        _properties = properties;
        _answer = bindings.OfType<HttpOutput>().FirstOrDefault();
        AreStored = bindings.Any(binding => binding is not HttpOutput);
    }

    public static FunctionOutputs None { get; } = new([], []);

    public IReadOnlyList<OutputBinding> Bindings { get; }

    /// <summary>Whether there is anything to write besides an answer to a request.</summary>
    public bool AreStored { get; }

    public static FunctionOutputs OfReturn(OutputBinding binding) => new([binding], []);

    /// <param name="bindings">Each named as its property.</param>
    /// <param name="properties">The properties, in the same order.</param>
    public static FunctionOutputs OfProperties(IReadOnlyList<OutputBinding> bindings, IReadOnlyList<PropertyInfo> properties) => new(bindings, properties);

    /// <summary>
    /// Takes the values of the properties out of what the method returned; the invocation then has no result besides. A result that is bound whole stays where it is.
    /// </summary>
    public void Take(Invocation invocation)
    {
        if (_properties.Count == 0 || invocation.Result.Value is not { } returned)
            return;
        foreach (var property in _properties)
        {
            if (property.GetValue(returned) is { } value)
                invocation.Outputs[property.Name] = value;
        }

        invocation.Result.Value = null;
    }

    /// <summary>
    /// What the invocation gives its caller: the property that answers a request where there is one, otherwise the result. A result that goes to storage answers no request,
    /// unless middleware has put an answer in its place.
    /// </summary>
    public static object? AnswerOf(Invocation invocation)
    {
        var outputs = invocation.Function.Outputs;
        if ((!outputs.AreStored && outputs._properties.Count == 0) || invocation.Function.Trigger is not HttpTriggerSpec
            || invocation.Result.Value is IActionResult or IResult or HttpResponseData)
            return invocation.Result.Value;
        return outputs._answer is { } answer ? ValueOf(answer, invocation) : null;
    }

    /// <summary>What is to be written for a binding; null for nothing.</summary>
    public static object? ValueOf(OutputBinding binding, Invocation invocation) =>
        binding.Name == Return ? invocation.Result.Value : invocation.Outputs.GetValueOrDefault(binding.Name);
}
