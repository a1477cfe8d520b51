using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Makes a parameter's value for one invocation.</summary>
internal delegate ValueTask<object?> ParameterBinding(Invocation invocation);

/// <summary>A function of the app, checked and ready to be invoked.</summary>
internal sealed class DeclaredFunction : FunctionDefinition
{
    private readonly string _name;

    /// <param name="name">As declared.</param>
    /// <param name="method">What is called.</param>
    /// <param name="trigger">What starts it.</param>
    /// <param name="inputs">One for each parameter, in order.</param>
    /// <param name="outputs">What is written once it has succeeded.</param>
    public DeclaredFunction(string name, MethodInfo method, TriggerSpec trigger, IReadOnlyList<FunctionInput> inputs, FunctionOutputs outputs)
    {
        _name = name;
        Method = method;
        Trigger = trigger;
        Inputs = inputs;
        Call = new FunctionMethod(method);
        Outputs = outputs;
        Retry = RetryPolicy.Of(method);
        Parameters = [.. inputs.Select(input => input.Parameter)];
        InputBindings = inputs.Where(input => input.BindingType is not null).ToImmutableDictionary(
            input => input.Parameter.Name, input => (BindingMetadata)new Metadata(input.Parameter.Name, input.BindingType!, BindingDirection.In));
        OutputBindings = outputs.Bindings.ToImmutableDictionary(
            output => output.Name, output => (BindingMetadata)new Metadata(output.Name, output.Type, BindingDirection.Out));
    }

    public MethodInfo Method { get; }

    public TriggerSpec Trigger { get; }

    /// <summary>One for each parameter, in order.</summary>
    public IReadOnlyList<FunctionInput> Inputs { get; }

    public FunctionMethod Call { get; }

    /// <summary>What is written once the function has succeeded.</summary>
    public FunctionOutputs Outputs { get; }

    /// <summary>What the function's retry attribute says; null without one.</summary>
    public RetryPolicy? Retry { get; }

    public override string Name => _name;

    public override string Id => "Host.Functions." + _name;

    public override string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";

    public override string PathToAssembly => Method.DeclaringType!.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    private sealed class Metadata(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}
