using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Context.Features;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Http;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>One run of a function: its context, its trigger's payload, and its scope of services, made when first asked for.</summary>
internal sealed class Invocation : FunctionContext, IFunctionInputBindingFeature, IAsyncDisposable
{
    private readonly IServiceProvider _root;
    private readonly IReadOnlyList<ParameterBinding> _bindings;
    private readonly StopSignal _stop;
    private IServiceProvider? _services;
    private AsyncServiceScope? _scope;
    private FunctionInputBindingResult? _inputs;

    public Invocation(DeclaredFunction function, IReadOnlyList<ParameterBinding> bindings, TriggerPayload trigger, IServiceProvider root, StopSignal stop)
    {
        _root = root;
        _bindings = bindings;
        Trigger = trigger;
        _stop = stop;
        Function = function;
    }

    public DeclaredFunction Function { get; }

    public TriggerPayload Trigger { get; }

    /// <summary>What the trigger found: a message, a blob's client, a request.</summary>
    public object Payload => Trigger.Value;

    public FunctionResult Result { get; } = new();

    /// <summary>What is to be written to the outputs that are properties of the function's result, by name; middleware may replace values.</summary>
    public Dictionary<string, object?> Outputs => field ??= new(StringComparer.Ordinal);

    public WorkerSerializer Serializer => _root.GetRequiredService<WorkerSerializer>();

    public StorageAccounts Accounts => _root.GetRequiredService<StorageAccounts>();

    public TimeProvider Time => _root.GetRequiredService<TimeProvider>();

    public override string InvocationId => field ??= NewId();

    public override string FunctionId => Function.Id;

    public override TraceContext TraceContext => field ??= InvocationTrace.Of(Activity.Current, (Trigger as HttpPayload)?.Http.Request);

    public override BindingContext BindingContext => field ??= new Data(Trigger);

    public override RetryContext? RetryContext => Trigger.Retry;

    public override FunctionDefinition FunctionDefinition => Function;

    public override IDictionary<object, object> Items
    {
        get => field ??= Trigger is HttpPayload { Model.SharesContext: true } payload
            ? new Dictionary<object, object> { [HttpFunctions.HttpContextKey] = payload.Http }
            : [];
        set;
    }

    public override IInvocationFeatures Features => field ??= FeatureCollection.Of(this);

    public override CancellationToken CancellationToken => _stop.Token;

    public override IServiceProvider InstanceServices
    {
        get => _services ??= Trigger.Services ?? (_scope = _root.CreateAsyncScope()).Value.ServiceProvider;
        set => _services = value;
    }

    /// <summary>The invocation behind a context, which middleware may have wrapped.</summary>
    public static Invocation Of(FunctionContext context) => context as Invocation ?? context.Features.Get<Invocation>()
        ?? throw new InvalidOperationException($"The context of invocation {context.InvocationId} was not made by this host and holds neither inputs nor results.");

    public async ValueTask<FunctionInputBindingResult> BindFunctionInputAsync(FunctionContext context)
    {
        if (_inputs is not null)
            return _inputs;
        var values = new object?[_bindings.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = await _bindings[index](this);
        return _inputs = new FunctionInputBindingResult(values);
    }

    /// <exception cref="ArgumentException">The function has no such parameter, or its value is not a <typeparamref name="T"/>.</exception>
    public async ValueTask<InputBindingData<T>> BindInputAsync<T>(BindingMetadata binding)
    {
        var parameters = Function.Parameters;
        var index = 0;
        while (index < parameters.Length && !parameters[index].Name.Equals(binding.Name, StringComparison.OrdinalIgnoreCase))
            index++;
        if (index == parameters.Length)
            throw new ArgumentException($"The function '{Function.Name}' has no parameter '{binding.Name}'; it has {string.Join(", ", parameters.Select(parameter => parameter.Name))}.", nameof(binding));
        var values = (await BindFunctionInputAsync(this)).Values;
        return values[index] is T or null
            ? new InputData<T>(values, index, binding)
            : throw new ArgumentException($"The parameter '{binding.Name}' of the function '{Function.Name}' is a {parameters[index].Type}, not a {typeof(T)}; ask for that.", nameof(binding));
    }

    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A random UUID that need not be hard to guess: one that is costs a call to the operating system.</summary>
    private static string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    internal sealed class FunctionResult : InvocationResult
    {
        public override object? Value { get; set; }
    }

    private sealed class Data(TriggerPayload trigger) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => trigger.Data;
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

    /// <summary>Which attempt this is, where the function has a retry policy that its trigger honours.</summary>
    public RetryContext? Retry { get; init; }
}
