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

    public DeclaredFunction(string name, MethodInfo method, TriggerSpec trigger, string triggerParameter, IReadOnlyList<ParameterBinding> bindings)
    {
        _name = name;
        Method = method;
        Trigger = trigger;
        Bindings = bindings;
        Call = new FunctionMethod(method);
        Parameters = [.. method.GetParameters().Select(parameter =>
            new FunctionParameter(parameter.Name!, parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null))];
        InputBindings = ImmutableDictionary<string, BindingMetadata>.Empty.Add(triggerParameter, new Metadata(triggerParameter, trigger.Type));
    }

    public MethodInfo Method { get; }

    public TriggerSpec Trigger { get; }

    /// <summary>One for each parameter, in order.</summary>
    public IReadOnlyList<ParameterBinding> Bindings { get; }

    public FunctionMethod Call { get; }

    public override string Name => _name;

    public override string Id => "Host.Functions." + _name;

    public override string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";

    public override string PathToAssembly => Method.DeclaringType!.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;

    private sealed class Metadata(string name, string type) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => BindingDirection.In;
    }
}
