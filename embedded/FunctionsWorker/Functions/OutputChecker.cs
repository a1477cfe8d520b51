using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Finds what a function writes, on its method and on the properties of what that returns, or says what stands in the way.</summary>
internal sealed class OutputChecker(MethodInfo method, TriggerSpec trigger, AppSettings settings, Action<string> refuse)
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public FunctionOutputs Check()
    {
        var returned = MethodResult.ValueTypeOf(method);
        var onMethod = method.GetCustomAttributes<OutputBindingAttribute>().ToList();
        var marked = returned is null ? [] : Marked(returned);
        if (onMethod.Count + marked.Count > 0 && trigger is OrchestrationTriggerSpec)
        {
            refuse("has output bindings, which an orchestrator would write at each replay; write from an activity");
            return FunctionOutputs.None;
        }

        if (onMethod.Count > 1)
            refuse($"has {onMethod.Count} output bindings on its method, which has one result; return a class with a property for each, and mark those");
        if (onMethod.Count > 0 && marked.Count > 0)
            refuse($"has an output binding on its method and others on properties of {returned!.Name}; mark the properties alone");
        if (onMethod.Count > 0 && returned is null)
            refuse("has an output binding on its method, which returns nothing to write");
        if (onMethod.Count > 0)
            return Binding(onMethod[0], FunctionOutputs.Return, returned ?? typeof(object)) is { } binding ? FunctionOutputs.OfReturn(binding) : FunctionOutputs.None;

        var bindings = marked.Select(entry => Binding(entry.Attribute, entry.Property.Name, entry.Property.PropertyType)).OfType<OutputBinding>().ToList();
        if (trigger is not HttpTriggerSpec || returned is null)
            return FunctionOutputs.OfProperties(bindings, [.. marked.Select(entry => entry.Property)]);
        if (bindings.Count == 0)
            return FunctionOutputs.OfReturn(new HttpOutput(FunctionOutputs.Return));
        if (bindings.OfType<HttpOutput>().Count() != 1)
            refuse($"answers requests and writes outputs from properties of {returned.Name}; mark exactly one property [HttpResult], or give it the type HttpResponseData, to be the answer");
        return FunctionOutputs.OfProperties(bindings, [.. marked.Select(entry => entry.Property)]);
    }

    /// <summary>The properties that say where they go; a null attribute stands for the answer to a request, which its type tells.</summary>
    private List<(PropertyInfo Property, OutputBindingAttribute? Attribute)> Marked(Type type)
    {
        var marked = new List<(PropertyInfo, OutputBindingAttribute?)>();
        foreach (var property in type.GetProperties(Declared))
        {
            var attributes = property.GetCustomAttributes<OutputBindingAttribute>().ToList();
            if (attributes.Count > 1)
                refuse($"returns {type.Name}, whose property {property.Name} has {attributes.Count} output bindings; give each a property of its own");
            if (attributes.Count > 0)
                marked.Add((property, attributes[0]));
            else if (trigger is HttpTriggerSpec && IsResponse(property.PropertyType))
                marked.Add((property, null));
        }

        var inherited = type.GetProperties().FirstOrDefault(property => property.DeclaringType != type && property.IsDefined(typeof(OutputBindingAttribute)));
        if (inherited is not null)
            refuse($"returns {type.Name}, which inherits the output binding of {inherited.Name}; the genuine worker overlooks inherited ones, so declare the property in {type.Name}");
        return marked;
    }

    private OutputBinding? Binding(OutputBindingAttribute? attribute, string name, Type type)
    {
        try
        {
            if (typeof(Stream).IsAssignableFrom(type) && attribute is BlobOutputAttribute or QueueOutputAttribute)
                throw new FormatException($"A {type.Name} would be written as the name of its type; give it text, bytes or an object");
            switch (attribute)
            {
                case null or HttpResultAttribute:
                    return new HttpOutput(name);
                case BlobOutputAttribute blob:
                    settings.ConnectionString(blob.Connection);
                    return new BlobOutput(name, BlobPath.Parse(settings.Resolve(blob.BlobPath), needsBlob: true), blob.Connection);
                case QueueOutputAttribute queue:
                    settings.ConnectionString(queue.Connection);
                    return new QueueOutput(name, QueueName(settings.Resolve(queue.QueueName).ToLowerInvariant()), queue.Connection);
                default:
                    throw new FormatException($"[{attribute.GetType().Name}] is a binding the embedded host does not have; write with the service's client in the function instead");
            }
        }
        catch (FormatException wrong)
        {
            refuse($"has an output ({(name == FunctionOutputs.Return ? "its result" : $"the property {name}")}) that cannot be bound. {wrong.Message.TrimEnd('.')}");
            return null;
        }
    }

    private static BindingTemplate QueueName(string text)
    {
        var name = BindingTemplate.Parse(text, "queue name");
        if (!name.HasExpressions && !StorageNames.IsQueue(text))
            throw new FormatException($"It names the queue '{text}', which storage refuses; expected {StorageNames.Rule}");
        return name;
    }

    private static bool IsResponse(Type type) => typeof(HttpResponseData).IsAssignableFrom(type);
}
