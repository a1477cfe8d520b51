using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Makes a parameter's value for one invocation.</summary>
internal delegate ValueTask<object?> ParameterBinding(Invocation invocation);

/// <summary>A function of the app, checked and ready to be invoked.</summary>
internal sealed class DeclaredFunction : FunctionDefinition
{
    private readonly string _name;

    public DeclaredFunction(string name, MethodInfo method, TriggerSpec trigger, IReadOnlyList<FunctionInput> inputs)
    {
        _name = name;
        Method = method;
        Trigger = trigger;
        Inputs = inputs;
        Call = new FunctionMethod(method);
        Retry = RetryPolicy.Of(method);
        Parameters = [.. inputs.Select(input => input.Parameter)];
        InputBindings = inputs
            .Where(input => input.IsTrigger || input.Parameter.Properties.GetValueOrDefault(ConversionProperties.BindingAttribute) is InputBindingAttribute)
            .Select(input => new Metadata(input.Parameter.Name, input.IsTrigger ? trigger.Type : TypeOf(input.Parameter.Properties[ConversionProperties.BindingAttribute])))
            .ToImmutableDictionary(binding => binding.Name, BindingMetadata (binding) => binding);
    }

    public MethodInfo Method { get; }

    public TriggerSpec Trigger { get; }

    /// <summary>One for each parameter, in order.</summary>
    public IReadOnlyList<FunctionInput> Inputs { get; }

    public FunctionMethod Call { get; }

    /// <summary>What the function's retry attribute says; null without one.</summary>
    public RetryPolicy? Retry { get; }

    public override string Name => _name;

    public override string Id => "Host.Functions." + _name;

    public override string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";

    public override string PathToAssembly => Method.DeclaringType!.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;

    /// <summary>As in function.json: the attribute's name, in camel case.</summary>
    private static string TypeOf(object attribute) =>
        JsonNamingPolicy.CamelCase.ConvertName(attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal));

    private sealed class Metadata(string name, string type) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => BindingDirection.In;
    }
}
