using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.FunctionsWorker.Blobs;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Http;
using Serverless.Embedded.FunctionsWorker.Queues;
using Serverless.Embedded.FunctionsWorker.Timers;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Turns one marked method into a function, or says all that stands in the way.</summary>
internal sealed class FunctionChecker(string name, MethodInfo method, HostSettings settings, AppSettings appSettings, List<string> problems)
{
    private readonly List<string> _pathsWithExpressions = [];
    private bool _refused;
    private string? _unbound;
    private string? _bindingType;
    private ParameterBinding? _json;

    public bool UsesDurableTasks { get; private set; }

    public DeclaredFunction? Check()
    {
        if (!method.IsPublic || !method.DeclaringType!.IsVisible)
            Refuse(null, "is not public; make the method and its class public");
        if (method.ContainsGenericParameters || (method.DeclaringType!.IsAbstract && !method.IsStatic))
            Refuse(null, "is generic, or an instance method of an abstract class, so that it cannot be called");
        if (MethodResult.Refusal(method) is { } refusal)
            Refuse(null, refusal);

        var parameters = method.GetParameters();
        var triggers = parameters.Where(parameter => parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null).ToList();
        if (triggers.Count != 1)
        {
            Refuse(null, triggers.Count == 0
                ? "has no trigger; mark one parameter with a trigger attribute such as [QueueTrigger]"
                : $"has {triggers.Count} triggers, on {string.Join(", ", triggers.Select(parameter => parameter.Name))}; a function has one");
            return null;
        }

        var spec = SpecOf(triggers[0]);
        if (spec is null)
            return null;
        var inputTaken = false;
        var inputs = new List<FunctionInput>();
        foreach (var parameter in parameters)
        {
            (_unbound, _bindingType, _json) = (null, null, null);
            var isTrigger = parameter == triggers[0];
            var binding = isTrigger ? TriggerBinding(parameter, spec) : OtherBinding(parameter, spec, ref inputTaken);
            inputs.Add(FunctionInput.Of(parameter, isTrigger ? spec.Type : _bindingType, binding, _unbound) with { Json = _json });
        }

        var outputs = new OutputChecker(method, spec, appSettings, reason => Refuse(null, reason)).Check();
        CheckExpressions(triggers[0], spec, outputs);
        UsesDurableTasks |= spec is OrchestrationTriggerSpec or ActivityTriggerSpec or EntityTriggerSpec;
        return _refused ? null : new DeclaredFunction(name, method, spec, inputs, outputs);
    }

    private TriggerSpec? SpecOf(ParameterInfo parameter)
    {
        try
        {
            switch (parameter.GetCustomAttribute<TriggerBindingAttribute>())
            {
                case QueueTriggerAttribute queue:
                    // Lower-cased, as the genuine host does.
                    var queueName = appSettings.Resolve(queue.QueueName).ToLowerInvariant();
                    if (!StorageNames.IsQueue(queueName))
                        Refuse(parameter, $"names the queue '{queueName}', which storage refuses; expected {StorageNames.Rule}");
                    appSettings.ConnectionString(queue.Connection);
                    return new QueueTriggerSpec(queueName, queue.Connection, parameter.ParameterType);
                case BlobTriggerAttribute blob:
                    appSettings.ConnectionString(blob.Connection);
                    return new BlobTriggerSpec(BlobPattern.Parse(appSettings.Resolve(blob.BlobPath)), blob.Connection) { WantsEvents = blob.Source == BlobTriggerSource.EventGrid };
                case TimerTriggerAttribute timer:
                    var schedule = TimerSchedule.Parse(appSettings.Resolve(timer.Schedule), settings.TimeZone);
                    return new TimerTriggerSpec(schedule, timer.UseMonitor && schedule.IsWorthMonitoring, timer.RunOnStartup);
                case HttpTriggerAttribute http:
                    return HttpFunctions.SpecOf(name, http, http.Route is null ? null : appSettings.Resolve(http.Route), settings.Http.RoutePrefix);
                case OrchestrationTriggerAttribute orchestration:
                    return new OrchestrationTriggerSpec(orchestration.Orchestration ?? name);
                case ActivityTriggerAttribute activity:
                    return new ActivityTriggerSpec(activity.Activity ?? name);
                case EntityTriggerAttribute entity:
                    return EntityFunctions.SpecOf(name, entity);
                case var other:
                    Refuse(parameter, $"is marked [{other?.GetType().Name}], a trigger the embedded host does not have");
                    return null;
            }
        }
        catch (FormatException wrong)
        {
            Refuse(parameter, "cannot be bound. " + wrong.Message.TrimEnd('.'));
            return null;
        }
    }

    private ParameterBinding? TriggerBinding(ParameterInfo parameter, TriggerSpec spec)
    {
        var (binding, expected) = spec switch
        {
            QueueTriggerSpec => (QueueBindings.For(parameter.ParameterType), QueueBindings.Expected),
            BlobTriggerSpec => (BlobBindings.For(parameter.ParameterType), BlobValues.Expected),
            TimerTriggerSpec => (TimerBindings.For(parameter.ParameterType), TimerBindings.Expected),
            HttpTriggerSpec => (HttpBindings.For(parameter), HttpBindings.Expected),
            OrchestrationTriggerSpec => (DurableBindings.ForContext(parameter.ParameterType), nameof(TaskOrchestrationContext)),
            EntityTriggerSpec => (EntityFunctions.BindingFor(parameter.ParameterType), nameof(TaskEntityDispatcher)),
            _ => (DurableBindings.ForActivityInput(parameter.ParameterType), "a type that can be read from JSON"),
        };
        return binding ?? Unbound(parameter, $"is a {NameOf(parameter.ParameterType)}, which its trigger cannot give; expected {expected}");
    }

    private ParameterBinding? OtherBinding(ParameterInfo parameter, TriggerSpec spec, ref bool inputTaken)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
            return invocation => new(invocation);
        if (type == typeof(CancellationToken))
            return invocation => new(invocation.CancellationToken);
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is { } durableClient)
        {
            UsesDurableTasks = true;
            CheckHub(parameter, durableClient);
            _bindingType = "durableClient";
            if (type == typeof(DurableTaskClient))
                return DurableBindings.Client;
            Refuse(parameter, $"is a {NameOf(type)} marked [DurableClient]; expected {nameof(DurableTaskClient)}");
            return null;
        }

        if (parameter.GetCustomAttribute<BlobInputAttribute>() is { } blobInput)
            return BlobInput(parameter, blobInput);
        if (parameter.GetCustomAttribute<BindingAttribute>() is { } unknown)
        {
            Refuse(parameter, $"is marked [{unknown.GetType().Name}], a binding the embedded host does not have; use the service's client in the function instead");
            return null;
        }

        if (spec is HttpTriggerSpec && parameter.GetCustomAttribute<FromBodyAttribute>() is not null)
            return HttpBindings.Body(type);
        if (spec is OrchestrationTriggerSpec && !inputTaken)
        {
            inputTaken = true;
            return DurableBindings.OrchestrationInput(type);
        }

        if (BindingDataValue.For(parameter) is { } fromData && (KnownData(spec) is not { } known || known.Contains(parameter.Name!, StringComparer.OrdinalIgnoreCase) || parameter.HasDefaultValue))
            return fromData;
        if ((KnownData(spec) ?? RouteData(spec)).Contains(parameter.Name!, StringComparer.OrdinalIgnoreCase) && (_json = BindingDataValue.OfJson(parameter)) is not null)
            return null;
        return Unbound(parameter, $"is a {NameOf(type)} that nothing gives; expected {nameof(FunctionContext)}, {nameof(CancellationToken)}, [DurableClient] {nameof(DurableTaskClient)}"
            + (KnownData(spec) is { } names ? $", or text or a number named as the trigger's metadata is: {string.Join(", ", names)}" : spec is HttpTriggerSpec ? ", or a value of the route or query" : ", or a property of the message")
            + ". Services are injected into the class's constructor");
    }

    private void CheckHub(ParameterInfo parameter, DurableClientAttribute client)
    {
        try
        {
            if (client.TaskHub is { } named && appSettings.Resolve(named) is var hub && !hub.Equals(settings.Durable.HubName, StringComparison.OrdinalIgnoreCase))
                Refuse(parameter, $"names the task hub '{hub}', but this host has one task hub, '{settings.Durable.HubName}'; leave TaskHub out, or change extensions.durableTask.hubName");
        }
        catch (FormatException wrong)
        {
            Refuse(parameter, "cannot be bound. " + wrong.Message.TrimEnd('.'));
        }
    }

    private ParameterBinding? BlobInput(ParameterInfo parameter, BlobInputAttribute attribute)
    {
        try
        {
            appSettings.ConnectionString(attribute.Connection);
            var path = BlobPath.Parse(appSettings.Resolve(attribute.BlobPath), needsBlob: false);
            if (path.HasExpressions)
                _pathsWithExpressions.Add(path.ToString());
            _bindingType = BlobInputBindings.Type;
            if (BlobInputBindings.For(parameter.ParameterType, path, attribute.Connection) is { } binding)
                return binding;
            Refuse(parameter, $"is a {NameOf(parameter.ParameterType)}, which a blob cannot give; expected {BlobValues.Expected}");
        }
        catch (FormatException wrong)
        {
            Refuse(parameter, "cannot be bound. " + wrong.Message.TrimEnd('.'));
        }

        return null;
    }

    /// <summary>
    /// The genuine host passes a trigger's payload on as text once another binding of the function holds an expression, and its worker then cannot make the types of the storage
    /// libraries from it. What would fail there is refused here.
    /// </summary>
    private void CheckExpressions(ParameterInfo trigger, TriggerSpec spec, FunctionOutputs outputs)
    {
        _pathsWithExpressions.AddRange(outputs.Bindings.Select(output => output switch
        {
            BlobOutput blob => blob.Path,
            QueueOutput queue => queue.Queue,
            _ => null,
        }).OfType<BindingTemplate>().Where(template => template.HasExpressions).Select(template => template.ToString()));
        var type = trigger.ParameterType;
        var needsStorage = (spec is BlobTriggerSpec && BlobValues.IsStorageType(type)) || (spec is QueueTriggerSpec && QueueBindings.IsStorageType(type));
        if (_pathsWithExpressions.Count > 0 && needsStorage)
            Refuse(trigger, $"is a {NameOf(type)}, which the genuine host cannot give while another binding of the function holds an expression ('{_pathsWithExpressions[0]}'). "
                + $"Take string, byte[] or a type that can be read from JSON{(spec is BlobTriggerSpec ? ", or write the other blob with its client in the function" : "")}");
    }

    /// <summary>The names of a trigger's metadata; null where they are not known beforehand.</summary>
    private static IReadOnlyList<string>? KnownData(TriggerSpec spec) => spec switch
    {
        QueueTriggerSpec queue => QueueBindings.HasJsonData(queue.MessageType) ? null : QueueBindings.DataNames,
        BlobTriggerSpec blob => [.. blob.Pattern.ParameterNames, .. BlobBindings.DataNames],
        ActivityTriggerSpec => [DurableBindings.InstanceId],
        HttpTriggerSpec => null,
        _ => [],
    };

    /// <summary>The names of a route's parameters: of what else comes with a request nothing is known beforehand.</summary>
    private static IReadOnlyList<string> RouteData(TriggerSpec spec) =>
        spec is HttpTriggerSpec http ? [.. RoutePatternFactory.Parse(http.Route).Parameters.Select(parameter => parameter.Name)] : [];

    /// <summary>Notes why the host gives no value; a converter of the app's may, which is not known before its services are.</summary>
    private ParameterBinding? Unbound(ParameterInfo parameter, string reason)
    {
        _unbound = Sentence(parameter, reason);
        return null;
    }

    private void Refuse(ParameterInfo? parameter, string reason)
    {
        _refused = true;
        problems.Add(Sentence(parameter, reason));
    }

    private string Sentence(ParameterInfo? parameter, string reason) =>
        $"{(parameter is null ? "" : $"The parameter '{parameter.Name}' of ")}{(parameter is null ? "The" : "the")} function '{name}' ({FunctionCatalog.PlaceOf(method)}) {reason}.";

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
