using System.Collections;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Http;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>One run of a function: its context, its trigger's payload, and its scope of services, made when first asked for.</summary>
internal sealed class Invocation : FunctionContext, IAsyncDisposable
{
    private readonly IServiceProvider _root;
    private readonly TriggerPayload _trigger;
    private readonly StopSignal _stop;
    private IServiceProvider? _services;
    private AsyncServiceScope? _scope;

    public Invocation(DeclaredFunction function, TriggerPayload trigger, IServiceProvider root, StopSignal stop)
    {
        _root = root;
        _trigger = trigger;
        _stop = stop;
        Function = function;
    }

    public DeclaredFunction Function { get; }

    /// <summary>What the trigger found: a message, a blob's client, a request.</summary>
    public object Payload => _trigger.Value;

    public FunctionResult Result { get; } = new();

    /// <summary>What is to be written to the outputs that are properties of the function's result, by name; middleware may replace values.</summary>
    public Dictionary<string, object?> Outputs => field ??= new(StringComparer.Ordinal);

    public WorkerSerializer Serializer => _root.GetRequiredService<WorkerSerializer>();

    public StorageAccounts Accounts => _root.GetRequiredService<StorageAccounts>();

    public TimeProvider Time => _root.GetRequiredService<TimeProvider>();

    public override string InvocationId => field ??= Guid.NewGuid().ToString();

    public override string FunctionId => Function.Id;

    public override TraceContext TraceContext => field ??= new Trace(Activity.Current);

    public override BindingContext BindingContext => field ??= new Data(_trigger);

    public override RetryContext? RetryContext => null;

    public override FunctionDefinition FunctionDefinition => Function;

    public override IDictionary<object, object> Items
    {
        get => field ??= Payload is HttpContext http ? new Dictionary<object, object> { [HttpFunctions.HttpContextKey] = http } : [];
        set;
    }

    public override IInvocationFeatures Features => field ??= new FeatureCollection(Result);

    public override CancellationToken CancellationToken => _stop.Token;

    public override IServiceProvider InstanceServices
    {
        get => _services ??= _trigger.Services ?? (_scope = _root.CreateAsyncScope()).Value.ServiceProvider;
        set => _services = value;
    }

    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal sealed class FunctionResult : InvocationResult
    {
        public override object? Value { get; set; }
    }

    private sealed class Data(TriggerPayload trigger) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => trigger.Data;
    }

    private sealed class Trace(Activity? activity) : TraceContext
    {
        public override string TraceParent => activity?.Id ?? "";

        public override string TraceState => activity?.TraceStateString ?? "";
    }

    private sealed class FeatureCollection : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public FeatureCollection(FunctionResult result)
        {
            Set<InvocationResult>(result);
        }

        public void Set<T>(T? instance)
        {
            if (instance is null)
                _features.Remove(typeof(T));
            else
                _features[typeof(T)] = instance;
        }

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <param name="Value">What the trigger's parameter is made from.</param>
/// <param name="Reason">Why the function runs, for the log.</param>
internal record TriggerPayload(object Value, string Reason)
{
    private static readonly Dictionary<string, object?> NoData = [];

    /// <summary>The trigger's metadata by name, letter case aside.</summary>
    public virtual IReadOnlyDictionary<string, object?> Data { get; init; } = NoData;

    /// <summary>The services to use, where the trigger has a scope of its own.</summary>
    public virtual IServiceProvider? Services { get; init; }
}
