using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions
{
    /// <summary>Binds a parameter to a service.</summary>
    public abstract class BindingAttribute : Attribute
    {
        public BindingAttribute()
        {
        }
    }

    /// <summary>Binds a parameter to what starts the function.</summary>
    public abstract class TriggerBindingAttribute : BindingAttribute
    {
        public TriggerBindingAttribute()
        {
        }
    }

    /// <summary>Binds a parameter to something read when the function starts.</summary>
    public abstract class InputBindingAttribute : BindingAttribute
    {
        public InputBindingAttribute()
        {
        }
    }
}

namespace Microsoft.Azure.Functions.Worker.Http
{
    /// <summary>Binds a parameter of an HTTP function to the request's JSON body.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class FromBodyAttribute() : Converters.InputConverterAttribute(typeof(Serverless.Embedded.FunctionsWorker.Http.RequestBody))
    {
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>Marks a method as a function. The name is unique within the app, letter case aside.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public class FunctionAttribute(string name) : Attribute
    {
        public string Name { get; } = name;
    }

    /// <summary>Starts the function's orchestration; the parameter is the orchestration's context.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
    {
        /// <summary>The orchestration's name; the function's name unless set.</summary>
        public string? Orchestration { get; set; }
    }

    /// <summary>Runs the function as an activity; the parameter is the activity's input.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
    {
        /// <summary>The activity's name; the function's name unless set.</summary>
        public string? Activity { get; set; }
    }

    /// <summary>Binds a parameter to the client of the task hub.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class DurableClientAttribute : InputBindingAttribute
    {
        public string? TaskHub { get; set; }

        public string? ConnectionName { get; set; }
    }
}
