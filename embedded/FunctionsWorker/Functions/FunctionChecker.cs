using System.Reflection;
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
    private bool _refused;

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
        var bindings = parameters.Select(parameter => parameter == triggers[0] ? TriggerBinding(parameter, spec) : OtherBinding(parameter, spec, ref inputTaken)).ToList();
        UsesDurableTasks |= spec is OrchestrationTriggerSpec or ActivityTriggerSpec or EntityTriggerSpec;
        return _refused ? null : new DeclaredFunction(name, method, spec, triggers[0].Name!, bindings!);
    }

    private TriggerSpec? SpecOf(ParameterInfo parameter)
    {
        try
        {
            switch (parameter.GetCustomAttribute<TriggerBindingAttribute>())
            {
                case QueueTriggerAttribute queue:
                    var queueName = appSettings.Resolve(queue.QueueName);
                    if (!StorageNames.IsQueue(queueName))
                        Refuse(parameter, $"names the queue '{queueName}', which storage refuses; expected {StorageNames.Rule}");
                    appSettings.ConnectionString(queue.Connection);
                    return new QueueTriggerSpec(queueName, queue.Connection);
                case BlobTriggerAttribute blob:
                    appSettings.ConnectionString(blob.Connection);
                    return new BlobTriggerSpec(BlobPattern.Parse(appSettings.Resolve(blob.BlobPath)), blob.Connection);
                case TimerTriggerAttribute timer:
                    var schedule = TimerSchedule.Parse(appSettings.Resolve(timer.Schedule));
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
            BlobTriggerSpec => (BlobBindings.For(parameter.ParameterType), BlobBindings.Expected),
            TimerTriggerSpec => (TimerBindings.For(parameter.ParameterType), TimerBindings.Expected),
            HttpTriggerSpec => (HttpBindings.For(parameter.ParameterType), HttpBindings.Expected),
            OrchestrationTriggerSpec => (DurableBindings.ForContext(parameter.ParameterType), nameof(TaskOrchestrationContext)),
            EntityTriggerSpec => (EntityFunctions.BindingFor(parameter.ParameterType), nameof(TaskEntityDispatcher)),
            _ => (DurableBindings.ForActivityInput(parameter.ParameterType), "a type that can be read from JSON"),
        };
        if (binding is null)
            Refuse(parameter, $"is a {NameOf(parameter.ParameterType)}, which its trigger cannot give; expected {expected}");
        return binding;
    }

    private ParameterBinding? OtherBinding(ParameterInfo parameter, TriggerSpec spec, ref bool inputTaken)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
            return invocation => new(invocation);
        if (type == typeof(CancellationToken))
            return invocation => new(invocation.CancellationToken);
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is not null)
        {
            UsesDurableTasks = true;
            if (type == typeof(DurableTaskClient))
                return DurableBindings.Client;
            Refuse(parameter, $"is a {NameOf(type)} marked [DurableClient]; expected {nameof(DurableTaskClient)}");
            return null;
        }

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
        Refuse(parameter, $"is a {NameOf(type)} that nothing gives; expected {nameof(FunctionContext)}, {nameof(CancellationToken)}, [DurableClient] {nameof(DurableTaskClient)}"
            + (KnownData(spec) is { } names ? $", or text or a number named as the trigger's metadata is: {string.Join(", ", names)}" : ", or a value of the route or query")
            + ". Services are injected into the class's constructor");
        return null;
    }

    /// <summary>The names of a trigger's metadata; null where they are not known beforehand.</summary>
    private static IReadOnlyList<string>? KnownData(TriggerSpec spec) => spec switch
    {
        QueueTriggerSpec => QueueBindings.DataNames,
        BlobTriggerSpec blob => [.. blob.Pattern.ParameterNames, .. BlobBindings.DataNames],
        ActivityTriggerSpec => [DurableBindings.InstanceId],
        HttpTriggerSpec => null,
        _ => [],
    };

    private void Refuse(ParameterInfo? parameter, string reason)
    {
        _refused = true;
        problems.Add($"{(parameter is null ? "" : $"The parameter '{parameter.Name}' of ")}{(parameter is null ? "The" : "the")} function '{name}' ({FunctionCatalog.PlaceOf(method)}) {reason}.");
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
